"""E5, E14: user events from random members: when each of the others has them, and what that costs on the wire."""

import time

from measure import process, programs
from measure.cluster import pure
from measure.experiment import Experiment, Figure, Invalid, steady
from measure.svg import distribution

LATE_MS = 2000
SPREAD_S = 2  # in which all copies of an event have left, also those that nobody needs any more


def block(setting):
    found = {}
    for count in setting.plan["agents"]:
        with pure(setting, count) as cluster:
            cluster.start()
            time.sleep(setting.plan["settle_s"])
            for key, value in {**deliver(setting, cluster, setting.plan), **cost(setting, cluster)}.items():
                found[f"{key}_{count}"] = value
    return found


def deliver(setting, cluster, plan):
    """Samples: each delivery (for median and tail), the last of each event, whether each was late."""
    with steady(setting, cluster.agents):
        rows = programs.events(cluster.agents, plan["events"], plan["per_second"], patience_s=plan["patience_s"])
    heard = [delay for row in rows for delay in row if delay is not None]
    if not heard:
        raise Invalid("no event reached anybody")
    return {"delay_ms": heard, "p99_ms": heard, "last_ms": [max(row) for row in rows if None not in row],
            "late": [1 if delay is None or delay > LATE_MS else 0 for row in rows for delay in row]}


def cost(setting, cluster):
    """Datagrams and bytes of one event at each member: one event a second, so that each has packets of its own, less
    what goes over the wire without any. One listener: the rest is gossip."""
    plan = setting.plan
    idle, idle_sent = process.loopback(), process.udp_sent()
    time.sleep(plan["baseline_s"])
    idle, idle_sent = process.loopback() - idle, process.udp_sent() - idle_sent
    sent, traffic, began = process.udp_sent(), process.loopback(), time.monotonic()
    programs.events(cluster.agents, plan["singles"], 1, patience_s=plan["patience_s"], listeners=1)
    time.sleep(SPREAD_S)
    share = (time.monotonic() - began) / plan["baseline_s"]
    sent, traffic = process.udp_sent() - sent, process.loopback() - traffic
    copies = plan["singles"] * len(cluster.agents)
    return {"event_bytes": [(traffic.bytes - idle.bytes * share) / copies],
            "event_packets": [(sent - idle_sent * share) / copies]}


def figures(count, targets):
    def figure(key, title, unit, **more):
        kept = {name: value for name, value in more.items()
                if targets or name not in ("at_most", "ratio")}
        return Figure(f"{key}_{count}", f"{title}, {count} agents", unit, **kept)

    return [figure("delay_ms", "event, p50", "ms", at_most=3, ratio=80),
            Figure(f"p99_ms_{count}", f"event, p99, {count} agents", "ms", statistic="p99",
                   at_most=10 if targets else None, ratio=50 if targets else None),
            figure("last_ms", "event, last member", "ms", at_most=10, ratio=50),
            figure("late", "deliveries later than 2 s", "share", statistic="mean", digits=6),
            figure("event_packets", "datagrams per event and member", "", digits=1),
            figure("event_bytes", "bytes per event and member", "B", digits=0, ratio=1 / 1.5)]


def plots(results):
    count = results.plan["agents"][0]
    curves = {variant: [delay for run in results.blocks(variant, f"delay_ms_{count}") for delay in run]
              for variant in results.experiment.variants}
    return {"event-latency.svg": distribution(f"User events, {count} agents: share of members that have it",
                                              "milliseconds after it was sent", curves)}


EXPERIMENT = Experiment(
    code="E5, E14", name="events", title="User events",
    figures=[*figures(10, False), *figures(50, True), *figures(100, False), *figures(200, False)],
    plan={"quick": {"rounds": 1, "agents": [10], "settle_s": 2, "baseline_s": 2, "events": 20, "per_second": 10,
                    "patience_s": 1, "singles": 3},
          "normal": {"rounds": 5, "agents": [50], "settle_s": 15, "baseline_s": 20, "events": 200, "per_second": 5,
                     "patience_s": 3, "singles": 20},
          "full": {"rounds": 5, "agents": [50, 100, 200], "settle_s": 30, "baseline_s": 65, "events": 600,
                   "per_second": 4, "patience_s": 75, "singles": 60}},
    block=block, plots=plots)
