"""E5d: how many user events a second one member can send, of 100 bytes, until too many are late or lost."""

import time

from measure import programs
from measure.cluster import pure
from measure.experiment import Experiment, Figure, Invalid

from measure.sampling import quantile

MAX_LOST_SHARE = 0.001
MAX_P99_MS = 2000
FIRST_RATE = 25
STEP = 2 ** 0.5


def block(setting):
    plan = setting.plan
    sustained = 0.0
    with pure(setting, plan["agents"]) as cluster:
        cluster.start()
        time.sleep(plan["settle_s"])
        rate = float(FIRST_RATE)
        while rate <= plan["highest"] and carries(cluster, round(rate), plan):
            sustained = rate
            rate *= STEP
            time.sleep(plan["rest_s"])
    return {"per_second": [sustained]}


def carries(cluster, rate, plan):
    """Whether a span of that many events a second comes through. Some members are asked, not all: the observer
    must not take the processor that the agents need."""
    listeners = [cluster.agents[0], *cluster.agents[1::max(1, len(cluster.agents) // plan["listeners"])]]
    try:
        rows = programs.events(listeners, rate * plan["span_s"], rate, patience_s=MAX_P99_MS / 1000,
                               listeners=len(listeners), origins=1)
    except Invalid:
        return False  # an agent that hangs up on a listener has dropped its events
    delays = [delay for row in rows for delay in row]
    heard = [delay for delay in delays if delay is not None]
    lost = len(delays) - len(heard)
    return bool(heard) and lost <= MAX_LOST_SHARE * len(delays) and quantile(heard, 0.99) <= MAX_P99_MS


EXPERIMENT = Experiment(
    code="E5d", name="throughput", title="Events per second",
    figures=[Figure("per_second", "user events a second that all others get", "1/s", better="more", digits=0,
                    ratio=10)],
    plan={"quick": {"rounds": 1, "agents": 5, "settle_s": 1, "span_s": 1, "rest_s": 0.2, "listeners": 4,
                    "highest": 100},
          "normal": {"rounds": 5, "agents": 50, "settle_s": 10, "span_s": 10, "rest_s": 5, "listeners": 5,
                     "highest": 20000},
          "full": {"rounds": 5, "agents": 50, "settle_s": 10, "span_s": 20, "rest_s": 10, "listeners": 5,
                   "highest": 20000}},
    block=block)
