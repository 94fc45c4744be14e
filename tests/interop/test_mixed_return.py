"""A member that left comes back after gossipd has swept it, through a gossipd. Serf 0.9.4 never forgets the incarnation of
a leave, and would turn the others back to left if gossipd let the member in with a lower one."""

import pathlib
import time
import unittest

from agents import Cluster, Gossipd, Serf

NET = 131
SWEPT_S = 5  # a round of the probe order is over: three nodes, a second each


class ReturnTest(unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster(NET, 1)
        self.addCleanup(self.cluster.close)
        folder = pathlib.Path(self.cluster.folder)
        forgetful = folder / "forgetful.toml"
        forgetful.write_text("[swim]\ngossip_to_the_dead_time = \"100ms\"\n")
        flags = ("-profile=local", f"-config-file={forgetful}")
        self.gossipd = self.cluster.add(Gossipd, "gossipd").start(*flags)
        self.serf = self.cluster.add(Serf, "serf").start("-profile=local")
        self.serf.join(self.gossipd)
        self.flags = flags

    def test_alive_everywhere_at_once_and_for_good(self):
        guest = self.cluster.add(Gossipd, "guest").start(*self.flags)
        guest.join(self.gossipd)
        alive = {"gossipd": "alive", "serf": "alive", "guest": "alive"}
        self.cluster.wait_views(alive)
        guest.set_tags(turn=1)  # incarnations that the next life does not begin with
        guest.set_tags(turn=2)
        guest.leave()
        self.cluster.wait_views({**alive, "guest": "left"})
        time.sleep(SWEPT_S)
        guest.start(*self.flags).join(self.gossipd)
        self.serf.join(self.gossipd)  # a push/pull, in which Serf tells what it remembers
        self.cluster.wait_views(alive)
        leaves = [line for line in self.gossipd.log().splitlines() if "EventMemberLeave: guest" in line]
        self.assertEqual(len(leaves), 1, leaves)


if __name__ == "__main__":
    unittest.main()
