"""A process that ends, and one that is back in time. With the profile wan Lifeguard alone takes half a minute."""

import json
import unittest

from gossipd_agent import AgentTest, wait_until

NAMES = ("a", "b", "c", "d", "e")


class DeathTest(AgentTest):
    def cluster(self, network):
        for number, name in enumerate(NAMES, 1):
            contact = [] if number == 1 else [f"--join={network}.1"]
            agent = self.start(name, f"--bind={network}.{number}", "--profile=wan", "--log-level=debug", *contact)
        for name in NAMES:
            wait_until(f"{name} sees all", lambda n=name: all(self.status(n, of) == "alive" for of in NAMES))
        return agent

    def all_logs(self, *names):
        return "".join(self.log(name) for name in names or NAMES[:-1])

    def test_killed_process_is_proven_dead(self):
        last = self.cluster("127.0.78")
        last.kill()
        for name in NAMES[:-1]:
            wait_until(f"{name} sees it failed", lambda n=name: self.status(n, "e") == "failed")
        self.assertIn("Marking e as failed, its process has ended (127.0.78.5:7946 has refused connections for ",
                      self.all_logs())
        self.assertNotIn("suspect timeout reached", self.all_logs())
        self.assertGreaterEqual(sum(self.figure(name, "deaths_proven") for name in NAMES[:-1]), 1)

    def test_restarted_process_never_fails(self):
        last = self.cluster("127.0.79")
        last.kill()
        last.wait()
        wait_until("its host is found to refuse", lambda: "e at 127.0.79.5:7946 refuses connections" in self.all_logs())
        self.start("e", "--bind=127.0.79.5", "--profile=wan", "--join=127.0.79.1")
        # It contradicts the suspicion, or is heard before there is one; the danger is over then.
        wait_until("e is heard", lambda: "Refuting a suspect message" in self.log("e") or any(
            self.figure(name, "evidence_contradicted") for name in NAMES[:-1]))
        for name in NAMES:
            wait_until(f"{name} sees it alive", lambda n=name: self.status(n, "e") == "alive")
        self.assertNotIn("EventMemberFailed", self.all_logs(*NAMES))
        self.assertNotIn("Marking e as failed", self.all_logs())

    def figure(self, name, which):
        return int(json.loads(self.ctl(name, "info", "--format=json").stdout)["network"][which])


if __name__ == "__main__":
    unittest.main()
