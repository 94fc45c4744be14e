"""What goes to statsd and statsite: the names and types of the real Serf's agent, caught from both side by side."""

import json
import pathlib
import socket
import tempfile
import threading
import unittest

from agents import ROOT, Gossipd, Serf, wait_until

NETWORK = "127.0.89"

# What Serf's agent sends and gossipd does not (docs/metrics.md): figures of Go's runtime, times of its own code, and
# what it has no counter for.
ONLY_SERF = {
    "runtime.", "memberlist.gossip", "memberlist.pushPullNode", "serf.snapshot.", "serf.coordinate.zero-rtt",
    "serf.member.flap", "memberlist.degraded.",
}


class Catcher:
    """A statsd and a statsite in one: each line that came, as (name, type)."""

    def __init__(self, ip):
        self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.datagrams.bind((ip, 8125))
        self.listener = socket.create_server((ip, 8125))
        self.statsd, self.statsite = set(), set()
        self.largest = 0
        for work in (self.catch_datagrams, self.catch_stream):
            threading.Thread(target=work, daemon=True).start()

    def close(self):
        for one in (self.datagrams, self.listener):
            one.close()

    def catch_datagrams(self):
        while True:
            try:
                data = self.datagrams.recv(65536)
            except OSError:
                return
            self.largest = max(self.largest, len(data))
            self.take(data.decode(), self.statsd)

    def catch_stream(self):
        stream = self.listener.accept()[0].makefile()
        for line in stream:
            self.take(line, self.statsite)

    @staticmethod
    def take(text, into):
        for line in text.splitlines():
            name, rest = line.split(":")
            value, kind = rest.split("|")
            float(value)
            # Gauges have the host's name in the middle.
            name = name.removeprefix("serf-agent.").removeprefix(socket.gethostname() + ".")
            into.add((name, kind))


class MetricsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gossipd-metrics-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def agent(self, kind, name, number, *flags):
        agent = kind(name, f"{NETWORK}.{number}", self.folder)
        self.addCleanup(agent.kill)
        return agent.start(*flags)

    def watched(self, kind, name, number):
        catcher = Catcher(f"{NETWORK}.{100 + number}")
        self.addCleanup(catcher.close)
        address = f"{NETWORK}.{100 + number}:8125"
        config = self.folder / f"{name}.json"
        config.write_text('{"statsd_addr": "%s", "statsite_addr": "%s", "event_handlers": ["user:deploy=true"]}'
                          % (address, address))
        flag = "-config-file" if kind is Serf else "--config-file"
        profile = "-profile" if kind is Serf else "--profile"
        return self.agent(kind, name, number, f"{flag}={config}", f"{profile}=local"), catcher

    def test_same_names_and_types(self):
        serf, serfs = self.watched(Serf, "serf", 1)
        ours, caught = self.watched(Gossipd, "ours", 2)
        third = self.agent(Gossipd, "third", 3, "--profile=local")
        for agent in (ours, third):
            agent.join(serf)
        for agent in (serf, ours):
            wait_until("it sees all", lambda a=agent: len([m for m in a.members().values() if m[1] == "alive"]) == 3)
        serf.ask("event", "deploy", "v1")
        for agent in (serf, ours):
            agent.ask("query", "-timeout=1s", "load")
        third.set_tags(role="db")
        wait_until("the tag is known", lambda: all(a.members()["third"][2] == {"role": "db"} for a in (serf, ours)))
        third.kill()
        for agent in (serf, ours):
            wait_until("it is failed", lambda a=agent: a.status_of("third") == "failed")
        fourth = self.agent(Gossipd, "fourth", 4, "--profile=local")
        fourth.join(serf)
        fourth.leave()
        for agent in (serf, ours):
            wait_until("it has left", lambda a=agent: a.status_of("fourth") == "left")
        wanted = {("memberlist.msg.dead", "c"), ("serf.member.left", "c"), ("serf.query_acks", "c"),
                  ("memberlist.probeNode", "ms"), ("agent.invoke.true", "ms"), ("memberlist.tcp.sent", "c")}
        for catcher in (serfs, caught):
            for told in (catcher.statsd, catcher.statsite):
                wait_until("all has been told", lambda t=told: wanted <= t)

        def common(told):
            return {(name, kind) for name, kind in list(told) if not any(name.startswith(only) for only in ONLY_SERF)}

        # Nothing that Serf does not say, and nothing of what it says is missing, but for what chance decides.
        by_chance = {("memberlist.health.score", "g"), ("serf.query_duplicate_acks", "c"),
                     ("serf.query_duplicate_responses", "c"), ("memberlist.msg.suspect", "c"),
                     ("serf.query_responses", "c"), ("serf.coordinate.rejected", "c")}
        # Serf's agent samples its queues every half minute: that was caught once (tests/data/golden).
        queues = {(f"serf.queue.{name}", "ms") for name in ("Intent", "Event", "Query")}
        golden = json.loads((ROOT / "tests" / "data" / "golden" / "agent" / "telemetry.json").read_text())["statsd"]
        self.assertLessEqual(queues, {self.parts(line) for line in golden})
        self.assertLessEqual(queues, caught.statsd)
        wait_until("both say the same",
                   lambda: (common(serfs.statsd) | queues) ^ common(caught.statsd) <= by_chance)
        wait_until("statsite hears what statsd hears", lambda: caught.statsd ^ caught.statsite <= by_chance)
        self.assertLessEqual(caught.largest, 1400)

    @staticmethod
    def parts(line):
        told = set()
        Catcher.take(line, told)
        return told.pop()


if __name__ == "__main__":
    unittest.main()
