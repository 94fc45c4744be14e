"""E5b: very many events, for the few deliveries that come very late."""

import time

from measure import programs
from measure.cluster import pure
from measure.experiment import Experiment, Figure, steady

from experiments.events import LATE_MS


def block(setting):
    plan = setting.plan
    with pure(setting, plan["agents"]) as cluster:
        cluster.start()
        time.sleep(plan["settle_s"])
        with steady(setting, cluster.agents):
            rows = programs.events(cluster.agents, plan["events"], plan["per_second"], patience_s=plan["patience_s"])
    delays = [delay for row in rows for delay in row]
    return {"late": [1 if delay is None or delay > LATE_MS else 0 for delay in delays],
            "never": [1 if delay is None else 0 for delay in delays],
            "slowest_ms": [max(delay for delay in delays if delay is not None)]}


EXPERIMENT = Experiment(
    code="E5b", name="tail", title="The latest deliveries of many events",
    figures=[Figure("late", "deliveries later than 2 s", "share", statistic="mean", digits=6, at_most=1e-5),
             Figure("never", "deliveries that did not come while we waited", "share", statistic="mean", digits=6),
             Figure("slowest_ms", "slowest delivery", "ms", statistic="max", digits=0)],
    plan={"quick": {"rounds": 1, "agents": 10, "settle_s": 2, "events": 40, "per_second": 20, "patience_s": 1},
          "normal": {"rounds": 1, "agents": 50, "settle_s": 10, "events": 6500, "per_second": 20, "patience_s": 75},
          "full": {"rounds": 5, "agents": 50, "settle_s": 10, "events": 10000, "per_second": 10, "patience_s": 75}},
    block=block)
