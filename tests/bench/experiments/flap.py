"""E8: a process is killed and comes back after a while: how often is it shown as failed in between?"""

import random
import signal
import time

from measure.cluster import pure
from measure.experiment import Experiment, Figure
from measure.programs import Changes
from measure.svg import lines

DELAYS_S = (0.1, 0.5, 1, 1.9, 3, 5)


def key(delay):
    return f"failed_{delay}".replace(".", "_")


def block(setting):
    found = {key(delay): [] for delay in DELAYS_S}
    with pure(setting, setting.plan["agents"]) as cluster:
        cluster.start()
        changes = Changes(cluster.agents)
        time.sleep(setting.plan["settle_s"])
        for _ in range(setting.plan["turns"]):
            for delay, failed in turn(setting, cluster, changes).items():
                found[key(delay)].append(failed)
        changes.close()
    return found


def turn(setting, cluster, changes):
    """One victim for each delay, killed two seconds apart, so that the deaths are no mass event."""
    seen = len(changes.poll())
    victims = random.sample(cluster.agents[1:], len(setting.plan["delays"]))
    todo = []  # (when, what to do)
    for number, (victim, delay) in enumerate(zip(victims, setting.plan["delays"])):
        begin = number * 2.0
        todo.append((begin, lambda agent=victim: (agent.send_signal(signal.SIGKILL), agent.reap())))
        todo.append((begin + delay, lambda agent=victim: cluster.restart(agent)))
    began = time.monotonic()
    for when, act in sorted(todo, key=lambda entry: entry[0]):
        time.sleep(max(0.0, began + when - time.monotonic()))
        act()
    time.sleep(setting.plan["watch_s"])
    failed = {name for _, _, kind, name in changes.poll()[seen:] if kind == "Failed"}
    return {delay: 100 * (victim.name in failed) for victim, delay in zip(victims, setting.plan["delays"])}


def plots(results):
    curves = {}
    for variant in results.experiment.variants:
        points = []
        for delay in results.plan["delays"]:
            values = [value for run in results.blocks(variant, key(delay)) for value in run]
            if values:
                points.append((delay, sum(values) / len(values)))
        curves[variant] = points
    return {"flap.svg": lines("A process killed and started again", "seconds until it is back",
                              "restarts shown as failure, %", curves)}


EXPERIMENT = Experiment(
    code="E8", name="flap", title="Restarts",
    figures=[Figure(key(delay), f"restarts after {delay} s shown as failure", "%", statistic="mean", digits=0,
                    at_most=0 if delay <= 1.9 else None) for delay in DELAYS_S],
    plan={"quick": {"rounds": 1, "agents": 5, "settle_s": 1, "turns": 1, "delays": (0.5,), "watch_s": 4},
          "normal": {"rounds": 5, "agents": 50, "settle_s": 10, "turns": 4, "delays": DELAYS_S, "watch_s": 12},
          "full": {"rounds": 5, "agents": 50, "settle_s": 10, "turns": 20, "delays": DELAYS_S, "watch_s": 15}},
    block=block, plots=plots)
