"""The C++ programs of tests/bench: the observer, the flood, the crowd."""

import contextlib
import os
import pathlib
import subprocess
import time

from . import ROOT
from .experiment import Invalid

BUILD = pathlib.Path(os.environ.get("GOSSIP_BENCH_PROGRAMS", ROOT / "build" / "tests" / "bench"))
OBSERVER, FLOOD, CROWD = (BUILD / name for name in ("bench-observer", "bench-flood", "bench-crowd"))

_MAX_OBSERVER_SHARE = 0.25  # of a core; beyond that the observer is part of what is measured


def _addresses(agents):
    return " ".join(agent.rpc for agent in agents) + "\n"


def _check(done, what):
    if done.returncode != 0:
        raise Invalid(f"{what}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def starts(times, agent):
    """[(ms, RSS in MB)] of so many starts of a lone agent."""
    line = [str(OBSERVER), "starts", str(times), agent.rpc, *agent.command()]
    done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    rows = [line.split() for line in _check(done, "starts").splitlines()]
    return [(int(ns) / 1e6, int(kb) / 1024) for ns, kb in rows]


def commands(times, line):
    """[(ms, peak memory in MB)] of so many runs of a command."""
    done = subprocess.run([str(OBSERVER), "commands", str(times), *line], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=600)
    rows = [line.split() for line in _check(done, "commands").splitlines()]
    return [(int(ns) / 1e6, int(kb) / 1024) for ns, kb in rows]


def events(agents, count, per_second, *, payload_bytes=100, patience_s, listeners=None, origins=None):
    """For each event the delays in ms until the listeners had it, None for those that never did. Agents come in
    the order given: the first `listeners` hear, the first `origins` fire."""
    line = [str(OBSERVER), "events", *map(str, (count, per_second, payload_bytes, round(patience_s * 1000),
                                                listeners or len(agents), origins or len(agents)))]
    done = subprocess.run(line, input=_addresses(agents), capture_output=True, text=True,
                          timeout=count / per_second + patience_s + 120)
    text = _check(done, "events")
    cost, wall = map(int, done.stderr.split()[1:3])
    if cost > _MAX_OBSERVER_SHARE * wall and listeners is None:
        raise Invalid(f"the observer took {cost / wall:.2f} of a core")
    return [[None if word == "-" else int(word) / 1000 for word in row.split()] for row in text.splitlines()]


class Converging:
    """Started before the agents; `result` is when the last of them knew `count` members."""

    def __init__(self, agents, count):
        self.process = subprocess.Popen([str(OBSERVER), "converge", str(count)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.process.stdin.write(_addresses(agents))
        self.process.stdin.flush()

    def result(self, limit_s=120):
        """On the clock of time.monotonic_ns()."""
        try:
            # Not communicate(): it would end the standard input, which ends the observer.
            self.process.wait(limit_s)
        except subprocess.TimeoutExpired:
            self.process.stdin.close()
            self.process.wait()
        text, errors = self.process.stdout.read(), self.process.stderr.read()
        if self.process.returncode != 0:
            raise Invalid(f"no convergence within {limit_s} s: {errors.strip()}")
        return int(text)


def counted(agents, count, limit_s):
    """When all agents had `count` members, on the clock of time.monotonic_ns(); for clusters whose joins are more
    lines than an agent's log remembers."""
    process = subprocess.Popen([str(OBSERVER), "count", str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    process.stdin.write(_addresses(agents))
    process.stdin.flush()
    try:
        process.wait(limit_s)
    except subprocess.TimeoutExpired:
        process.stdin.close()
        process.wait()
    if process.returncode != 0:
        raise Invalid(f"not converged within {limit_s} s: {process.stderr.read().strip()}")
    return int(process.stdout.read())


class Changes:
    """Follows the member events in all agents' logs."""

    def __init__(self, agents):
        self.agents = agents
        self.process = subprocess.Popen([str(OBSERVER), "changes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.process.stdin.write(_addresses(agents).encode())
        self.process.stdin.flush()
        os.set_blocking(self.process.stdout.fileno(), False)
        self.rest = b""
        self.seen = []  # (ns, agent, kind, name), kind as in "Failed"
        self._until("ready")
        self._skip_the_past()

    def _skip_the_past(self):
        """Monitors begin with the lines that were logged before; those are not news."""
        seen = -1
        while len(self.seen) > seen:
            seen = len(self.seen)
            time.sleep(0.3)
            self.poll()
        self.seen.clear()

    def _until(self, word):
        while word.encode() not in self.rest:
            if self.process.poll() is not None:
                raise Invalid(f"the observer ended: {self.process.stderr.read().decode().strip()}")
            self._read()
        self.rest = self.rest.partition(b"\n")[2]

    def _read(self):
        with contextlib.suppress(BlockingIOError):
            self.rest += os.read(self.process.stdout.fileno(), 1 << 20)

    def poll(self):
        """All that was seen so far."""
        self._read()
        *lines, self.rest = self.rest.split(b"\n")
        for line in lines:
            ns, agent, kind, name = line.decode().split(" ", 3)
            self.seen.append((int(ns), self.agents[int(agent)], kind, name))
        return self.seen

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(30)


@contextlib.contextmanager
def responders(agents):
    """Every query is answered at every agent while this lasts."""
    process = subprocess.Popen([str(OBSERVER), "respond"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    try:
        process.stdin.write(_addresses(agents))
        process.stdin.flush()
        if process.stdout.readline() != "ready\n":
            raise Invalid("the responders do not start")
        yield process
    finally:
        process.stdin.close()
        process.wait(30)


def flood(agent, seconds, kind, last=""):
    """(packets, seconds) that the agent took."""
    line = [str(FLOOD), f"{agent.ip}:7946", agent.name, str(seconds), kind] + ([str(last)] if last else [])
    done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds + 60)
    packets, ns = map(int, _check(done, "flood").split())
    return packets, ns / 1e9


class Crowd:
    """So many members that are one process, at PREFIX.0.1 and on, port 7999."""

    def __init__(self, count, prefix):
        self.process = subprocess.Popen([str(CROWD), str(count), prefix, "7999"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise Invalid("the crowd does not start")

    def sync(self, agent, times=1):
        """(seconds for all, bytes of the agent's last state)."""
        self.process.stdin.write(f"sync {agent.ip}:7946 {times}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise Invalid("the agent does not take part in a push/pull")
        ns, size = map(int, answer.split())
        return ns / 1e9, size

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
