"""E2, E3, E4, E14: a cluster comes up and is left alone: convergence, then processor, memory and network."""

import statistics
import time

from measure import process
from measure.cluster import pure
from measure.experiment import Experiment, Figure, steady


def block(setting):
    found = {}
    for count in setting.plan["agents"]:
        found |= {f"{key}_{count}": value for key, value in measure(setting, count).items()}
    return found


def measure(setting, count):
    with pure(setting, count) as cluster:
        converged = cluster.start()
        time.sleep(setting.plan["settle_s"])  # the broadcasts of the joining run out
        with steady(setting, cluster.agents):
            cpu, woken, traffic = cluster.cpu_ns(), wakeups(cluster), process.loopback()
            began = time.monotonic()
            time.sleep(setting.plan["idle_s"])
            wall = time.monotonic() - began
            cpu, woken, traffic = cluster.cpu_ns() - cpu, wakeups(cluster) - woken, process.loopback() - traffic
        memory = [agent.memory() for agent in cluster.agents]
    share = wall * count
    return {"converged_ms": [converged], "cpu": [cpu / 1e6 / share], "wakeups": [woken / share],
            "packets": [traffic.packets / share], "bytes": [traffic.bytes / share],
            "pss_mb": [statistics.fmean(m.pss for m in memory)],
            "private_mb": [statistics.fmean(m.private for m in memory)]}


def wakeups(cluster):
    return sum(process.wakeups(agent.pid) for agent in cluster.agents)


def figures(count, targets):
    def figure(key, title, unit, **more):
        return Figure(f"{key}_{count}", f"{title}, {count} agents", unit, **(more if targets else {}))

    return [figure("converged_ms", "all see all", "ms", at_most=200, ratio=6),
            figure("cpu", "idle CPU per agent", "ms/s", at_most=0.13, ratio=20),
            figure("wakeups", "wake-ups per agent", "1/s"),
            figure("pss_mb", "memory per agent, PSS", "MB", at_most=0.5, ratio=13),
            figure("private_mb", "memory per agent, private", "MB", at_most=0.4, ratio=16),
            figure("packets", "packets per agent, idle", "1/s"),
            figure("bytes", "bytes per agent, idle", "B/s", ratio=1)]


EXPERIMENT = Experiment(
    code="E2–E4, E14", name="idle", title="A cluster at rest",
    figures=[*figures(10, False), *figures(50, True), *figures(100, False), *figures(200, False)],
    plan={"quick": {"rounds": 1, "agents": [10], "settle_s": 2, "idle_s": 3},
          "normal": {"rounds": 5, "agents": [50], "settle_s": 20, "idle_s": 65},
          "full": {"rounds": 5, "agents": [50, 100, 200], "settle_s": 30, "idle_s": 120}},
    block=block)
