"""E17: both programs in one cluster, in several proportions: do the figures lie between those of the pure clusters, and
does a Serf member log anything that it would not log among its own?"""

import collections
import random
import re
import signal
import time

from measure import programs
from measure.cluster import Cluster
from measure.experiment import Experiment, Figure
from measure.programs import Changes
from measure.svg import lines

from experiments import deaths
from experiments.events import deliver

SHARES = (0, 2, 10, 50, 90, 98, 100)  # per cent of gossipd

# What differs from line to line and says nothing.
_VARIABLE = re.compile(r"^\d+/\d+/\d+ [\d:]+ |127\.[\d.]+(:\d+)?|\bm\d+\b|\d+(\.\d+)?(ms|µs|s)?\b|0x[0-9a-f]+")


def block(setting):
    plan = setting.plan
    share = int(setting.variant.rstrip("%"))
    ours = round(plan["agents"] * share / 100)
    if 0 < share < 100:
        ours = min(max(ours, 1), plan["agents"] - 1)
    kinds = ["gossipd"] * ours + ["serf"] * (plan["agents"] - ours)
    random.shuffle(kinds)
    with Cluster(setting, kinds, log_level="warn") as cluster:
        converged = cluster.start()
        time.sleep(plan["settle_s"])
        return {"converged_ms": [converged], **deliver(setting, cluster, plan), "query_ms": query(cluster),
                "death_s": [crash(setting, cluster) for _ in range(plan["deaths"])],
                "warnings": [warnings(cluster)]}


def query(cluster):
    with programs.responders(cluster.agents):
        client = cluster.seed.connect()
        began = time.monotonic()
        client.query("bench")
        took = (time.monotonic() - began) * 1000
        client.close()
    return [took]


def crash(setting, cluster):
    changes = Changes(cluster.agents)
    victim = random.choice(cluster.agents[1:])
    known, _ = deaths.die(setting, cluster, changes, victim, lambda _setting, agent: agent.send_signal(signal.SIGKILL))
    victim.reap()
    deaths.revive(cluster, changes, victim)
    changes.close()
    return known[-1]


def warnings(cluster):
    """Kinds of lines in the logs of Serf members, with how often each came."""
    counts = collections.Counter()
    for agent in cluster.agents:
        if agent.kind != "serf":
            continue
        with open(cluster.log_of(agent), errors="replace", encoding="utf-8") as log:
            for line in log:
                # RPC is between an agent and us.
                if ("[WARN]" in line or "[ERR]" in line) and "agent.ipc" not in line:
                    counts[_VARIABLE.sub("…", line.strip())] += 1
    return counts


def notes(results):
    """What Serf members log among ours and never among their own."""

    def kinds(share):
        return {line for run in results.blocks(f"{share}%", "warnings") for counts in run for line in counts}

    usual = kinds(0)
    strange = sorted({line for share in SHARES for line in kinds(share)} - usual)
    if not strange:
        return ["Serf members logged no warning and no error of a kind that they do not log among their own."]
    return [f"A Serf member logged, and never does among its own: {line}" for line in strange]


def plots(results):
    def curve(figure):
        points = []
        for share in SHARES:
            values = sorted(value for run in results.blocks(f"{share}%", figure) for value in run)
            if values:
                points.append((share, values[len(values) // 2]))
        return points

    curves = {"median delivery": curve("delay_ms"), "last member": curve("last_ms"), "query": curve("query_ms")}
    return {"mixed.svg": lines(f"Mixed clusters of {results.plan['agents']}", "per cent of gossipd", "milliseconds",
                               curves, log_y=True)}


EXPERIMENT = Experiment(
    code="E17", name="mixed", title="Mixed clusters", variants=tuple(f"{share}%" for share in SHARES),
    figures=[Figure("converged_ms", "all see all", "ms", digits=0), Figure("delay_ms", "event, p50", "ms"),
             Figure("p99_ms", "event, p99", "ms", statistic="p99"), Figure("last_ms", "event, last member", "ms"),
             Figure("late", "deliveries later than 2 s", "share", statistic="mean", digits=6),
             Figure("query_ms", "query that all answer", "ms", digits=0),
             Figure("death_s", "process death known to all", "s")],
    plan={"quick": {"rounds": 1, "agents": 4, "settle_s": 1, "events": 10, "per_second": 10, "patience_s": 1,
                    "deaths": 0},
          "normal": {"rounds": 2, "agents": 50, "settle_s": 10, "events": 100, "per_second": 5, "patience_s": 3,
                     "deaths": 1},
          "full": {"rounds": 5, "agents": 50, "settle_s": 20, "events": 300, "per_second": 5, "patience_s": 75,
                   "deaths": 4}},
    block=block, plots=plots, notes=notes)
