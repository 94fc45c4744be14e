"""E5c: user events while datagrams are lost by chance."""

import time

from measure import namespace
from measure.cluster import pure
from measure.experiment import Experiment, Figure

from experiments import events


def block(setting):
    found = {}
    with pure(setting, setting.plan["agents"]) as cluster:
        cluster.start()
        time.sleep(setting.plan["settle_s"])
        for percent in setting.plan["percents"]:
            namespace.lose(percent)
            try:
                for key, value in events.deliver(setting, cluster, setting.plan).items():
                    found[f"{key}_{percent}"] = value
            finally:
                namespace.mend()
    return found


def figures(percent):
    return [Figure(f"delay_ms_{percent}", f"event, p50, {percent} % loss", "ms", at_most=5),
            Figure(f"p99_ms_{percent}", f"event, p99, {percent} % loss", "ms", statistic="p99"),
            Figure(f"last_ms_{percent}", f"event, last member, {percent} % loss", "ms")]


COMMON = {"percents": [5, 10, 25], "per_second": 5}
EXPERIMENT = Experiment(
    code="E5c", name="loss", title="User events under packet loss",
    figures=[figure for percent in (5, 10, 25) for figure in figures(percent)],
    plan={"quick": {**COMMON, "rounds": 1, "agents": 10, "percents": [10], "settle_s": 2, "events": 10, "patience_s": 1},
          "normal": {**COMMON, "rounds": 3, "agents": 50, "settle_s": 10, "events": 100,
                     "patience_s": 3},
          "full": {**COMMON, "rounds": 5, "agents": 50, "settle_s": 10, "events": 300,
                   "patience_s": 75}},
    block=block)
