"""The agent's figures: over RPC as `gossipctl stats` shows them, and judged by promtool."""

import json
import re
import unittest

import scraper
from gossipd_agent import ROOT, AgentTest, wait_until


class StatsTest(AgentTest):
    def pair(self, network):
        self.start("a", f"--bind={network}.1", "--profile=local", f"--event-handler=user:deploy=exit 1")
        self.start("b", f"--bind={network}.2", "--profile=local", f"--join={network}.1")
        wait_until("both see each other", lambda: self.status("a", "b") == self.status("b", "a") == "alive")

    def stats(self, name):
        return scraper.samples(self.ctl(name, "stats", "--format=prometheus").stdout)

    def test_figures_tell_what_has_happened(self):
        self.pair("127.0.86")
        self.ctl("b", "event", "deploy", "v1")
        wait_until("probes were answered, and the handler has failed", lambda: (
            (now := self.stats("a"))["gossipd_probe_rtt_seconds_count"] > 0
            and now["gossipd_handler_runs_failed_total"] == 1))
        now = self.stats("a")
        self.assertEqual(now['gossipd_members{status="alive"}'], 2)
        self.assertEqual(now['gossipd_member_events_total{event="join"}'], 2)
        self.assertEqual(now["gossipd_user_events_total"], 1)
        self.assertEqual(now["gossipd_handler_runs_total"], 1)
        self.assertEqual(now["gossipd_ready"], 1)
        self.assertGreater(now['gossipd_packet_bytes_total{direction="sent"}'], 0)
        self.assertGreater(now['gossipd_cluster_messages_total{direction="received"}'], 0)
        self.assertGreaterEqual(now["gossipd_probes_total"], now["gossipd_probe_rtt_seconds_count"])
        self.assertGreater(now["gossipd_handler_run_seconds_total"], 0)
        self.assertGreater(now["process_resident_memory_bytes"], 1e6)

    def test_every_format_has_every_sample(self):
        self.pair("127.0.87")
        text = self.ctl("a", "stats", "--format=prometheus").stdout
        self.assertEqual(scraper.complaints(text), "")
        told = json.loads(self.ctl("a", "stats", "--format=json").stdout)["metrics"]
        names = {sample["name"] for family in told for sample in family["samples"]}
        self.assertEqual(names, {series.split("{")[0] for series in scraper.samples(text)})
        for family in told:
            self.assertIn(f"# HELP {family['name']} {family['help']}\n", text)
        page = (ROOT / "docs" / "metrics.md").read_text()
        documented = re.findall(r"(?m)^\| `(\w+)` \| (\w+) \| (.*?) \|", page)
        self.assertEqual(documented, [(family["name"], family["type"], family["help"]) for family in told])
        table = self.ctl("a", "stats").stdout
        self.assertRegex(table, r'(?m)^gossipd_members\{status="alive"\} +2$')
        self.assertRegex(table, r"(?m)^gossipd_probe_rtt_seconds count +\d+$")
        self.assertNotIn("_bucket", table)


if __name__ == "__main__":
    unittest.main()
