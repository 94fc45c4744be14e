"""A snapshot changes hands: gossipd starts from one that Serf wrote, and Serf from one that gossipd wrote."""

import fcntl
import pathlib
import sys
import unittest

from agents import SERF, Cluster, Gossipd, Serf, wait_until

NET = 121


class SnapshotTest(unittest.TestCase):
    subnet = 0

    def setUp(self):
        SnapshotTest.subnet += 1
        self.cluster = Cluster(NET, SnapshotTest.subnet)
        self.addCleanup(self.cluster.close)
        self.file = pathlib.Path(self.cluster.folder) / "wanderer.snapshot"

    def start_wanderer(self, kind, *flags):
        agent = kind("wanderer", self.wanderer_ip, self.cluster.folder)
        agent.starts = self.starts
        self.starts += 1
        return self.cluster.adopt(agent).start(f"-snapshot={self.file}", *flags)

    def start_cluster(self, kind):
        """Two members that stay, one that will fail, and the one with the snapshot, which is of `kind`."""
        self.starts = 0
        self.stays = [self.cluster.add(Serf, "serf-0").start("-profile=local"),
                      self.cluster.add(Gossipd, "gossipd-1").start("-profile=local")]
        victim = self.cluster.add(Serf, "the victim").start("-profile=local")
        self.wanderer_ip = self.cluster.next_ip()
        wanderer = self.start_wanderer(kind, "-profile=local")
        for agent in [self.stays[1], victim, wanderer]:
            agent.join(self.stays[0])
        self.cluster.wait_views({a.name: "alive" for a in self.cluster.running()})
        self.stays[0].ask("event", "deploy", "once")
        wait_until("the event is heard", lambda: "user-event: deploy" in wanderer.log())
        victim.kill()
        self.cluster.wait_views(self.after())
        self.wait_written("not-alive: the victim\n")
        return wanderer

    def wait_written(self, line):
        """Serf keeps a line back until another comes half a second later: here is another, now and then."""
        looks = [0]

        def written():
            looks[0] += 1
            if looks[0] % 15 == 0:
                self.stays[0].ask("event", f"tick-{looks[0]}")
            return line in self.file.read_text()

        wait_until(f"{line!r} is in the file", written)

    def after(self):
        return {"serf-0": "alive", "gossipd-1": "alive", "wanderer": "alive", "the victim": "failed"}

    def check_back(self, wanderer):
        """It is among the others without a join, and has not heard the old event again."""
        for agent in self.stays:
            wait_until(f"{agent.name} sees the wanderer", lambda a=agent: a.status_of("wanderer") == "alive")
        wait_until("the wanderer sees all",
                   lambda: {wanderer.status_of(a.name) for a in self.stays} == {"alive"})
        wait_until("it says so", lambda: "serf: Re-joined to previously known node: " in wanderer.log())
        self.stays[0].ask("event", "later")
        wait_until("a new event is heard", lambda: "user-event: later" in wanderer.log())
        self.assertNotIn("user-event: deploy", wanderer.log())

    def test_gossipd_starts_from_serfs(self):
        wanderer = self.start_cluster(Serf)
        wanderer.kill()
        wanderer = self.start_wanderer(Gossipd, "-profile=local")
        self.check_back(wanderer)
        self.assertNotIn("skipped lines", wanderer.log())

    def test_serf_starts_from_gossipds(self):
        wanderer = self.start_cluster(Gossipd)
        self.assertIn("# failed: the victim ", self.file.read_text())
        wanderer.kill()
        wanderer = self.start_wanderer(Serf, "-profile=local")
        self.check_back(wanderer)
        self.assertNotIn("Unrecognized", wanderer.log())
        self.assertNotIn("Failed to", wanderer.log())

    def test_leave_and_rejoin_change_hands(self):
        wanderer = self.start_cluster(Gossipd)
        wanderer.leave()
        self.assertIn("\nleave\n", self.file.read_text())
        wanderer = self.start_wanderer(Serf, "-profile=local", "-rejoin")
        self.assertIn("serf: Ignoring previous leave in snapshot", wanderer.log())
        self.check_back(wanderer)
        wanderer.leave()
        wanderer = self.start_wanderer(Gossipd, "-profile=local", "-rejoin")
        self.assertIn("serf: Ignoring previous leave in snapshot", wanderer.log())
        wait_until("it is back", lambda: {wanderer.status_of(a.name) for a in self.stays} == {"alive"})
        wanderer.leave()
        wanderer = self.start_wanderer(Gossipd, "-profile=local")
        self.assertEqual(list(wanderer.members()), ["wanderer"])


if __name__ == "__main__":
    if not SERF.exists():
        print(f"skipped: no Serf at {SERF}; tests/run.sh unpacks it there")
        sys.exit(77)
    # Another run on this machine would meet ours at the same addresses: it waits for its turn.
    turn = open(f"/tmp/gossip-interop-{NET}.lock", "w")
    fcntl.flock(turn, fcntl.LOCK_EX)
    unittest.main()
