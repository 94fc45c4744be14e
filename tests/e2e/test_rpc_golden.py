"""The recorded RPC exchanges that need a whole agent: the sections of `stats` (tests/data/golden/ipc).

All others are replayed in tests/unit/agent/rpc/golden_ipc_test.cpp. Addresses: 127.0.49.21 to .29.
"""

import json
import unittest

from gossipd_agent import ROOT, AgentTest, wait_until
from rpc_agent import Client

SCENARIOS = {s["name"]: s for s in json.loads(
    (ROOT / "tests" / "data" / "golden" / "ipc" / "members-stats-coordinates.json").read_text())}
# What differs by nature: this host and program, and clocks that depend on who has joined whom.
MASKED = {("runtime", "version"), ("runtime", "goroutines"), ("runtime", "max_procs"), ("runtime", "cpu_count"),
          ("runtime", "arch"), ("serf", "member_time")}
OURS = {"dropped", "events", "handlers", "network", "rpc"}


class StatsTest(AgentTest):
    def setUp(self):
        super().setUp()
        self.start("alpha", "--bind=127.0.49.21", "--tag=role=web", "--tag=dc=east", "--profile=local")
        self.start("beta", "--bind=127.0.49.22", "--tag=role=db", "--tag=dc=east", "--profile=local",
                   "--join=127.0.49.21", "--event-handler=query:uptime=echo up 3 days")
        self.start("gamma", "--bind=127.0.49.23", "--profile=local", "--join=127.0.49.21")
        for name in ("alpha", "beta", "gamma"):
            wait_until("all see all", lambda n=name: len(self.members(n)) == 3)
            wait_until("nothing is queued any more", lambda n=name: all(
                value == "0" for key, value in self.stats(n)["serf"].items() if key.endswith("_queue")))

    def stats(self, name):
        client = Client(self.path(f"{name}.sock"))
        try:
            return client.ask_for_body("stats")
        finally:
            client.close()

    def test_serfs_sections_are_there(self):
        for name, scenario in (("alpha", "stats"), ("beta", "stats-with-handlers")):
            recorded = SCENARIOS[scenario]["steps"][-1]["decoded"]
            ours = self.stats(name)
            self.assertEqual(set(ours), set(recorded) | OURS)
            for section, values in recorded.items():
                for key, value in values.items():
                    if (section, key) not in MASKED:
                        self.assertEqual(ours[section][key], value, (section, key))
            for section in ("agent", "runtime", "tags", "event_handlers"):
                self.assertEqual(set(ours[section]), set(recorded[section]), section)
            self.assertLessEqual(set(recorded["serf"]), set(ours["serf"]))
            self.assertEqual({type(v) for values in ours.values() for v in values.values()}, {str})


if __name__ == "__main__":
    unittest.main()
