"""Network coordinates in a mixed cluster: each kind learns from the other's acks where it is; who keeps none is
nowhere.

Addresses: 127.129.0.0/16.
"""

import fcntl
import re
import sys
import unittest

from agents import SERF, Cluster, Gossipd, Serf, wait_until

NET = 129
NAMES = ("serf-0", "gossipd-1", "serf-2", "gossipd-3")


class CoordinatesTest(unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster(NET, 0)
        self.addCleanup(self.cluster.close)
        self.agent = {}
        for name in NAMES:
            self.start(Serf if name.startswith("serf") else Gossipd, name)
        config = self.cluster.folder / "off.json"
        config.write_text('{"disable_coordinates": true}')
        self.start(Gossipd, "nowhere", f"-config-file={config}")
        self.cluster.wait_views({name: "alive" for name in self.agent})

    def start(self, kind, name, *flags):
        contact = [f"-join={self.agent[NAMES[0]].ip}"] if self.agent else []
        self.agent[name] = self.cluster.add(kind, name).start("-profile=local", *contact, *flags)

    def estimates(self, client, a, b):
        done = client.ask("rtt", a, b, check=False)
        shown = re.fullmatch(r"Estimated (\S+) <-> (\S+) rtt: (\d+\.\d{3}) ms\n", done.stdout)
        return done.returncode == 0 and shown is not None and (shown.group(1), shown.group(2)) == (a, b)

    def test_each_knows_where_all_others_are(self):
        for at in NAMES:
            for kind in (Serf, Gossipd):  # either client, whatever it asks
                client = self.agent[at].asked_by(kind)
                for name in NAMES:
                    wait_until(f"{kind.kind} at {at} knows {name}",
                               lambda c=client, a=at, n=name: self.estimates(c, a, n))

        # By now each has been asked for its place by each, and has asked.
        for name in NAMES:
            for a, b in ((name, "nowhere"), ("nowhere", name)):
                for at in (name, "nowhere"):
                    done = self.agent[at].ask("rtt", a, b, check=False)
                    self.assertEqual(done.returncode, 1, (at, a, b, done.stdout))
                    self.assertIn("ould not find a coordinate for node", done.stdout + done.stderr)
            info = self.agent[name].ask("info").stdout
            self.assertIn("coordinate_resets = 0", info)
        self.assertNotIn("coordinate_resets", self.agent["nowhere"].ask("info").stdout)
        # Nothing that Serf has told us was refused, and it complains of nothing that it was told.
        for name in NAMES:
            if name.startswith("gossipd"):
                self.assertIn("\timplausible = 0\n", self.agent[name].ask("info").stdout)
            else:
                self.assertNotRegex(self.agent[name].log(), "Rejected coordinate|decode coordinate|ping version")


if __name__ == "__main__":
    if not SERF.exists():
        print(f"skipped: no Serf at {SERF}; tests/run.sh unpacks it there")
        sys.exit(77)
    # Another run on this machine would meet ours at the same addresses: it waits for its turn.
    turn = open(f"/tmp/gossip-interop-{NET}.lock", "w")
    fcntl.flock(turn, fcntl.LOCK_EX)
    unittest.main()
