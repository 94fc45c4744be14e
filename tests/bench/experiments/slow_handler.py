"""E21: an event handler that hangs, and events that keep coming: does the agent still answer, and still see a death?"""

import signal
import time

from ipc import Client

from measure import programs
from measure.agents import RPC_PORT
from measure.cluster import pure
from measure.experiment import Experiment, Figure, Invalid

_HANGING = "-event-handler=user:bench=sleep 600"


def block(setting):
    plan = setting.plan
    with pure(setting, 3, flags=[_HANGING]) as cluster:
        watcher, _, third = cluster.agents
        cluster.start()
        before = watcher.memory().private
        fire(cluster, plan)
        after = watcher.memory().private
        answered = answers(watcher, plan["patience_s"])
        third.send_signal(signal.SIGKILL)
        return {"members_s": [answered if answered is not None else float(plan["patience_s"])],
                "hung": [0 if answered is not None else 100],
                "death_s": [notices(watcher, plan["patience_s"])],
                "growth_mb": [after - before]}


def fire(cluster, plan):
    """From the second member, so that the first has nothing to do but to hear and to run its handler."""
    try:
        programs.events([cluster.agents[1]], plan["events"], plan["per_second"], patience_s=0.5, listeners=1)
    except Invalid:
        pass  # an agent that no longer answers is what this looks for


def ask(agent, limit_s):
    client = Client(agent.ip, RPC_PORT, limit_s)
    try:
        return client.ask("members")["Members"]
    finally:
        client.close()


def answers(agent, limit_s):
    began = time.monotonic()
    try:
        ask(agent, limit_s)
    except (OSError, EOFError):
        return None
    return time.monotonic() - began


def notices(agent, limit_s):
    """Seconds until it shows a failed member, or the limit."""
    began = time.monotonic()
    while time.monotonic() - began < limit_s:
        try:
            if any(member["Status"] == b"failed" for member in ask(agent, 2)):
                return time.monotonic() - began
        except (OSError, EOFError):
            pass
        time.sleep(0.1)
    return float(limit_s)


EXPERIMENT = Experiment(
    code="E21", name="slow_handler", title="A handler that hangs",
    figures=[Figure("hung", "members not answered while we waited", "%", statistic="mean", digits=0, at_most=0),
             Figure("members_s", "members answered after", "s", digits=3),
             Figure("death_s", "process death shown after", "s"),
             Figure("growth_mb", "private memory gained", "MB")],
    plan={"quick": {"rounds": 1, "events": 500, "per_second": 500, "patience_s": 8},
          "normal": {"rounds": 3, "events": 5000, "per_second": 200, "patience_s": 30},
          "full": {"rounds": 5, "events": 5000, "per_second": 100, "patience_s": 60}},
    block=block)
