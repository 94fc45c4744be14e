"""E12: a query that every member answers at once, from the request to the word that it is over."""

import time

from measure import programs
from measure.cluster import Cluster, pure
from measure.experiment import Experiment, Figure, steady


def block(setting):
    found = {}
    for count in setting.plan["agents"]:
        with pure(setting, count) as cluster:
            for key, value in ask(setting, cluster).items():
                found[f"{key}_{count}"] = value
    if setting.variant == "gossipd":
        # One of ours among Serf's: the answers come as fast as Serf's gossip carries the question.
        with Cluster(setting, ["gossipd"] + ["serf"] * (setting.plan["mixed"] - 1)) as cluster:
            found["mixed_ms"] = ask(setting, cluster)["query_ms"]
    elif setting.variant == "serf":
        with pure(setting, setting.plan["mixed"]) as cluster:
            found["mixed_ms"] = ask(setting, cluster)["query_ms"]
    return found


def ask(setting, cluster):
    cluster.start()
    time.sleep(setting.plan["settle_s"])
    took, lost = [], []
    with programs.responders(cluster.agents) as responding, steady(setting, cluster.agents, [responding.pid]):
        client = cluster.seed.connect()
        for _ in range(setting.plan["queries"]):
            began = time.monotonic()
            answers = client.query("bench")
            took.append((time.monotonic() - began) * 1000)
            lost.append(len(cluster.agents) - len(answers))
        client.close()
    return {"query_ms": took, "lost": [missing / len(cluster.agents) for missing in lost]}


EXPERIMENT = Experiment(
    code="E12", name="queries", title="Queries that all members answer",
    figures=[Figure("query_ms_2", "query of 2", "ms", at_most=10),
             Figure("query_ms_5", "query of 5", "ms"),
             Figure("query_ms_50", "query of 50", "ms", at_most=50),
             Figure("query_ms_100", "query of 100", "ms"),
             Figure("mixed_ms", "query, asker gossipd among Serf's", "ms", at_most=1000, ratio=6),
             Figure("lost_50", "answers that did not come, 50 agents", "share", statistic="mean", digits=6)],
    plan={"quick": {"rounds": 1, "agents": [2], "mixed": 3, "settle_s": 0.5, "queries": 1},
          "normal": {"rounds": 5, "agents": [2, 50], "mixed": 50, "settle_s": 5, "queries": 4},
          "full": {"rounds": 5, "agents": [2, 5, 50, 100], "mixed": 50, "settle_s": 10, "queries": 20}},
    block=block)
