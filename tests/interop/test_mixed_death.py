"""A process that ends in a mixed cluster: what a gossipd proves, Serf members take as any other claim."""

import re
import unittest

from agents import Cluster, Gossipd, Serf
from six_agents import NETS, run

# What a Serf says of every member that its own probe cannot reach, whoever else is there.
OWN_PROBES = re.compile(r"Failed fallback ping|Failed TCP fallback ping|Failed ping|Failed to send.*ping|"
                        r"Was able to connect to|Refuting")


class DeathTest(unittest.TestCase):
    def test_serf_takes_the_claim(self):
        """With the profile wan Serf itself would take half a minute; so every failure here is a gossipd's finding."""
        cluster = Cluster(NETS["death"], 1)
        self.addCleanup(cluster.close)
        kinds = (Serf, Gossipd, Gossipd, Serf, Gossipd, Serf)
        agents = [cluster.add(kind, f"{kind.kind}-{n}").start("-profile=wan") for n, kind in enumerate(kinds)]
        for agent in agents[1:]:
            agent.join(agents[0])
        cluster.wait_views({agent.name: "alive" for agent in agents})
        for victim in agents[4:]:
            victim.kill()
            cluster.wait_views({a.name: "alive" if a in cluster.running() else "failed" for a in agents})
        logs = {agent: agent.log() for agent in cluster.running()}
        for victim in agents[4:]:
            self.assertTrue(any(f"Marking {victim.name} as failed, its process has ended" in log
                                for log in logs.values()), victim.name)
            for agent, log in logs.items():
                self.assertNotIn(f"Marking {victim.name} as failed, suspect timeout reached", log, agent.name)
        for agent, log in logs.items():
            if isinstance(agent, Serf):
                told = [line for line in log.splitlines() if ("[WARN]" in line or "[ERR]" in line)]
                self.assertEqual([line for line in told if not OWN_PROBES.search(line)], [], agent.name)


if __name__ == "__main__":
    run(NETS["death"])
