"""Six Serf agents become gossipd one by one, and Serf again, with their names, tags, snapshots and keyrings.

Every agent in every life writes the events that it hears to a file of its name (a handler, which is there before
the first event), and a stream of each tells of every member that is shown as failed: as it happens from gossipd,
once a burst of changes is over from Serf, whose members may hear a good-bye before the intent to leave.
"""

import json

from agents import wait_until
from six_agents import KEYS, NAMES, NETS, Gossipd, Recorder, Serf, SixTest, run

MEMBERS = tuple(f"m{number}" for number in range(6))


class UpgradeTest(SixTest):
    net = NETS["upgrade"]

    @classmethod
    def start_cluster(cls):
        cls.sent = []
        cls.streams = []
        cls.logs = []
        for number, name in enumerate(MEMBERS):
            contact = [f"-join={cls.cluster.agent[MEMBERS[0]].ip}"] if number else []
            cls.cluster.start_one(name, *cls.flags(name), *contact, kind=Serf, ring=KEYS[:2])
            cls.watch(name)
        cls.cluster.wait_views({name: cls.shown(name) for name in MEMBERS})

    @classmethod
    def flags(cls, name):
        folder = cls.cluster.folder
        return (f"-tag=role=role-{name}", "-tag=rank=1", f"-snapshot={folder / name}.snapshot", "-rejoin",
                f"-event-handler=user=echo \"$SERF_USER_EVENT\" >> {folder / name}.heard")

    @classmethod
    def shown(cls, name):
        return "alive", {"role": f"role-{name}", "rank": "1"}

    @classmethod
    def watch(cls, name):
        cls.streams.append(Recorder(cls.cluster.agent[name]))

    @classmethod
    def tearDownClass(cls):
        for stream in cls.streams:
            stream.close()
        super().tearDownClass()

    def events_of(self, name):
        file = self.cluster.folder / f"{name}.heard"
        return file.read_text().split() if file.exists() else []

    def send(self, sender):
        event = f"event-{len(self.sent)}"
        self.sent.append(event)
        self.agent[sender].ask("event", "-coalesce=false", event)
        return event

    def wait_heard(self, event, names):
        for name in names:
            wait_until(f"{name} hears {event}", lambda n=name: event in self.events_of(n))

    def replace(self, name, kind):
        """It leaves; while it is away an event is sent; it comes back as another program with the same files."""
        old = self.agent[name]
        others = [n for n in MEMBERS if n != name]
        sender = others[len(self.sent) % len(others)]
        self.wait_heard(self.send(name), MEMBERS)
        old.leave()
        if isinstance(old, Gossipd):
            self.logs.append(old.log())
        missed = self.send(sender)
        self.wait_heard(missed, others)
        self.cluster.agents.remove(old)
        new = self.agent[name] = self.cluster.adopt(kind(name, old.ip, self.cluster.folder))
        new.starts = old.starts
        new.start(f"-keyring-file={self.cluster.keyring(name)}", *self.flags(name))
        self.watch(name)
        self.assertIn("Ignoring previous leave in snapshot", new.log())
        self.cluster.wait_views({n: self.shown(n) for n in MEMBERS})
        # Its snapshot has said since when it was away.
        self.wait_heard(missed, [name])
        for sender in (others[0], name):
            self.wait_heard(self.send(sender), MEMBERS)

    def test_there_and_back(self):
        for kind in (Gossipd, Serf):
            for name in MEMBERS:
                self.replace(name, kind)
            self.assertEqual({type(self.agent[name]) for name in MEMBERS}, {kind})
            if kind is Gossipd:  # in the middle the cluster changes its keys, too
                self.agent["m2"].ask("keys", f"-use={KEYS[1]}")
                self.agent["m3"].ask("keys", f"-remove={KEYS[0]}")
        for name in MEMBERS:
            self.assertEqual(sorted(self.events_of(name)), sorted(self.sent), name)
            self.assertEqual(json.loads(self.cluster.keyring(name).read_text()), KEYS[1:2], name)
        failed = [(stream.agent.name, stream.members("member-failed")) for stream in self.streams]
        self.assertEqual([shown for shown in failed if shown[1]], [])
        for log in self.logs:
            self.assertNotIn("EventMemberFailed", log)


if __name__ == "__main__":
    run(UpgradeTest.net)
