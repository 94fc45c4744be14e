"""A mixed cluster of six, 3 Serf and 3 gossipd, encrypted by keyring files, that the tests of one file share.

Each of these files has a network of its own (NETS), so that they can run side by side.
"""

import base64
import fcntl
import json
import sys
import unittest

from agents import SERF, Cluster, Gossipd, Serf
from recorder import Recorder

NETS = {"events": 123, "queries": 124, "keys": 125, "name": 126, "upgrade": 127, "death": 128, "coordinates": 129}
NAMES = ("serf-0", "gossipd-1", "serf-2", "gossipd-3", "serf-4", "gossipd-5")
KEYS = [base64.b64encode(bytes([n]) * 32).decode() for n in range(1, 6)]


def kind_of(name):
    return Serf if name.startswith("serf") else Gossipd


class Six(Cluster):
    """The cluster; `agent[NAME]` and `heard[NAME]`, what this agent has told a stream.

    With the two copies of the profile `local`, a query or an intent to leave does not always reach everybody; so
    it is for tests that need failures to be found soon.
    """

    def __init__(self, net, subnet=0):
        super().__init__(net, subnet)
        self.agent = {}
        self.heard = {}

    def keyring(self, name):
        return self.folder / f"{name}.keyring"

    def start_one(self, name, *flags, kind=None, ring=KEYS[:1], profile="lan"):
        self.keyring(name).write_text(json.dumps(ring))
        agent = self.agent[name] = self.add(kind or kind_of(name), name)
        agent.start(f"-profile={profile}", f"-keyring-file={self.keyring(name)}", *flags)
        return agent

    def start_all(self, flags=None, **options):
        """`flags` maps a name to what its agent is given besides."""
        for name in NAMES:
            contact = [] if name == NAMES[0] else [f"-join={self.agent[NAMES[0]].ip}"]
            self.start_one(name, *contact, *(flags or {}).get(name, ()), **options)
        self.wait_views({name: "alive" for name in NAMES})
        return self

    def record(self, name, **options):
        self.heard[name] = Recorder(self.agent[name], **options)
        return self.heard[name]

    def close(self, keep_logs=False):
        for recorder in self.heard.values():
            recorder.close()
        super().close(keep_logs)

    def wait_heard(self, name, payload, who=NAMES):
        for member in who:
            self.heard[member].wait_user(name, payload)


class SixTest(unittest.TestCase):
    """Tests that share one cluster and leave it as they found it."""

    net = None
    longMessage = True

    @classmethod
    def setUpClass(cls):
        cls.cluster = Six(cls.net)
        cls.failed = False
        try:
            cls.start_cluster()
        except BaseException:
            cls.cluster.close(keep_logs=True)
            raise
        cls.agent = cls.cluster.agent
        cls.heard = cls.cluster.heard

    @classmethod
    def start_cluster(cls):
        cls.cluster.start_all()

    @classmethod
    def tearDownClass(cls):
        cls.cluster.close(keep_logs=cls.failed)

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        type(self).failed |= len(result.failures) + len(result.errors) > before
        return result


def run(net):
    """The tests of the program that calls; the exit code says if there was no Serf."""
    if not SERF.exists():
        print(f"skipped: no Serf at {SERF}; tests/run.sh unpacks it there")
        sys.exit(77)
    # Another run on this machine would meet ours at the same addresses: it waits for its turn.
    turn = open(f"/tmp/gossip-interop-{net}.lock", "w")
    fcntl.flock(turn, fcntl.LOCK_EX)
    unittest.main()
