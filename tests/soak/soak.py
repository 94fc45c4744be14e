"""See tests/soak.sh. Rounds of rough weather and of changes, each followed by a calm in which all views must become
equal and every process is measured. Memory, descriptors and threads of those that were never restarted may not grow."""

import argparse
import collections
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "interop"), str(TESTS / "bench")]

from agents import Failed, Gossipd, Serf, wait_until  # noqa: E402
from measure import process  # noqa: E402
from network import Cable, Host, Unavailable  # noqa: E402

# Loss, delay and jitter in seconds; the calm is the last one.
WEATHERS = [(0.02, 0.005, 0.005), (0.10, 0.020, 0.020), (0.25, 0.002, 0.010), (0.0, 0.120, 0.050)]
CALM = (0.0, 0.001, 0.0)
ROUND_S, REST_S, VIEWS_LIMIT_S = 150, 20, 300
# Allocators keep a page here and there; a leak of a byte per packet is far beyond this after an hour.
PAGES_MB = 0.125
# What a burst leaves behind is given back within a calm or two, a leak stays: what counts is the least of so many at the end.
LAST_SAMPLES = 5
# Events and queries are remembered, 512 of each: the first sample is taken when that memory is full.
REMEMBERED = 520


def on(host, kind):
    """An agent class of tests/interop, started and asked inside `host`."""

    class OnHost(kind):
        log_level = "warn"

        def command(self):
            return [*host.enter, *super().command()]

        def client(self):
            return [*host.enter, *super().client()]

    OnHost.kind = kind.kind
    return OnHost


class Sample(collections.namedtuple("Sample", "private_mb descriptors threads")):
    @classmethod
    def of(cls, agent):
        pid = agent.process.pid
        return cls(process.memory(pid).private, len(os.listdir(f"/proc/{pid}/fd")), len(os.listdir(f"/proc/{pid}/task")))


class Soak:
    def __init__(self, options, folder):
        self.options = options
        self.chance = random.Random(options.seed)
        self.hosts = [Host(number) for number in range(options.gossipd + options.serf)]
        self.cable = Cable(self.hosts, options.seed)
        kinds = [Gossipd] * options.gossipd + [Serf] * options.serf
        self.agents = [on(host, kind)(f"m{number}", host.ip, folder)
                       for number, (host, kind) in enumerate(zip(self.hosts, kinds))]
        # Half of each kind is never restarted: what grows, grows there.
        self.restless = self.agents[1:options.gossipd // 2] + self.agents[-(options.serf // 2):]
        self.veterans = [agent for agent in self.agents if agent not in self.restless]
        self.samples = []  # {agent name: Sample} of each calm
        self.done = collections.Counter()

    def close(self):
        for agent in self.agents:
            agent.kill()
        self.cable.close()
        for host in self.hosts:
            host.close()

    def start(self, agent):
        contacts = self.chance.sample([other for other in self.veterans if other is not agent], 3)
        flags = [f"-retry-join={other.ip}" for other in contacts]
        agent.launch(*flags, "-retry-interval=2s")

    # What happens to a cluster, each with its share.

    def change_tags(self):
        self.chance.choice(self.agents).set_tags(step=str(self.done["tags"]), note="x" * self.chance.randrange(200))
        self.done["tags"] += 1

    def send_event(self):
        self.chance.choice(self.agents).ask("event", f"e{self.chance.randrange(50)}", "x" * self.chance.randrange(300))
        self.done["events"] += 1

    def ask_query(self):
        self.chance.choice(self.agents).ask("query", "-timeout=1s", f"q{self.chance.randrange(50)}")
        self.done["queries"] += 1

    def crash(self):
        agent = self.chance.choice(self.restless)
        agent.kill()
        time.sleep(self.chance.choice([0.2, 1.0, 4.0]))
        self.start(agent)
        self.done["crashes"] += 1

    def leave(self):
        agent = self.chance.choice(self.restless)
        agent.ask("leave", check=False)  # under such loss it may say that not everybody has heard
        agent.wait_ended()
        self.start(agent)
        self.done["leaves"] += 1

    def rough(self, until):
        self.cable.weather(*self.chance.choice(WEATHERS))
        acts = [self.change_tags] * 4 + [self.send_event] * 6 + [self.ask_query] * 3 + [self.crash] * 2 + [self.leave]
        while time.monotonic() < until:
            try:
                self.chance.choice(acts)()
            except (Failed, subprocess.TimeoutExpired):  # it has just been started, or leaves, or nothing gets through
                self.done["refused"] += 1
            time.sleep(0.5)

    def remember(self):
        for number in range(REMEMBERED):
            self.agents[0].ask("event", f"fill{number}", "x" * 300)
            self.agents[0].ask("query", "-timeout=200ms", f"fill{number}")

    def views_are_equal(self):
        for agent in self.agents:
            if agent.process.poll() is not None:
                raise Failed(f"{agent.name} has ended with {agent.process.returncode}:\n{agent.log()[-2000:]}")
        alive = {agent.name: f"{agent.ip}:7946" for agent in self.agents}
        for agent in self.agents:
            seen = {name: address for name, (address, status, _) in agent.members().items() if status == "alive"}
            if seen != alive:
                return False
        return True

    def calm(self):
        self.cable.weather(*CALM)
        began = time.monotonic()
        wait_until("all views are equal", self.views_are_equal, VIEWS_LIMIT_S)
        equal_s = time.monotonic() - began
        time.sleep(REST_S)
        self.samples.append({agent.name: Sample.of(agent) for agent in self.veterans})
        figures = [self.samples[-1][agent.name].private_mb for agent in self.veterans if agent.kind == "gossipd"]
        print(f"{time.monotonic() - self.began:6.0f} s  views equal after {equal_s:4.1f} s  "
              f"private memory {statistics.median(figures):.2f} MB (median), {max(figures):.2f} (most)  "
              f"packets {self.cable.carried}, lost {self.cable.lost}", flush=True)

    def run(self):
        self.began = time.monotonic()
        end = self.began + self.options.minutes * 60
        self.agents[0].launch()
        for agent in self.agents[1:]:
            self.start(agent)
        wait_until("all views are equal", self.views_are_equal, VIEWS_LIMIT_S)
        self.remember()
        self.rough(time.monotonic() + min(ROUND_S, self.options.minutes * 12))
        self.calm()
        while time.monotonic() < end:
            self.rough(min(end, time.monotonic() + ROUND_S))
            self.calm()

    def growth(self):
        """[(agent, first, last, whether it grew)] of the gossipd that were never restarted."""
        rows = []
        for agent in self.veterans:
            if agent.kind != "gossipd":
                continue
            first = self.samples[0][agent.name]
            last = Sample(*map(min, zip(*(sample[agent.name] for sample in self.samples[1:][-LAST_SAMPLES:]))))
            grew = (last.private_mb > first.private_mb + PAGES_MB or last.descriptors > first.descriptors
                    or last.threads > first.threads)
            rows.append((agent.name, first, last, grew))
        return rows


def main():
    parser = argparse.ArgumentParser(prog="tests/soak.sh", description="rough weather for a mixed cluster")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--gossipd", type=int, default=50, metavar="N")
    parser.add_argument("--serf", type=int, default=5, metavar="N")
    parser.add_argument("--seed", type=int, default=None, help="of weather and changes (printed at the start)")
    options = parser.parse_args()
    if options.gossipd < 8 or options.serf < 2:
        parser.error("at least 8 gossipd and 2 serf, so that some are never restarted")
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(2**32)
    print(f"seed {options.seed}, {options.gossipd} gossipd, {options.serf} serf, {options.minutes:g} minutes", flush=True)
    with tempfile.TemporaryDirectory(prefix="gossip-soak-") as folder:
        try:
            soak = Soak(options, folder)
        except Unavailable as error:
            sys.exit(f"soak: {error}")
        try:
            soak.run()
        except Failed as error:
            sys.exit(f"soak: {error}")
        finally:
            soak.close()
    print("done: " + ", ".join(f"{count} {what}" for what, count in sorted(soak.done.items())))
    if len(soak.samples) < 2:
        sys.exit("soak: too short for a second sample, nothing is known of growth; give it more --minutes")
    grown = False
    for name, first, last, grew in soak.growth():
        grown = grown or grew
        print(f"{name:5} {first.private_mb:6.2f} -> {last.private_mb:6.2f} MB  descriptors {first.descriptors} -> "
              f"{last.descriptors}  threads {first.threads} -> {last.threads}{'  GREW' if grew else ''}")
    print("something grew" if grown else "nothing grew")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
