"""How soon the others know that a member is gone: one victim at a time, of a cluster that is otherwise healthy."""

import random
import time

from measure.cluster import pure
from measure.experiment import Figure, Invalid, steady
from measure.programs import Changes

LIMIT_S = 120


def block_of(strike, undo):
    """A block of an experiment in which `strike(setting, agent)` takes a member away and `undo(setting)`
    lets it be started anew."""

    def block(setting):
        first, everybody, wrong = [], [], 0
        with pure(setting, setting.plan["agents"]) as cluster:
            cluster.start()
            changes = Changes(cluster.agents)
            time.sleep(setting.plan["settle_s"])
            with steady(setting, survivors_of(cluster)):
                for _ in range(setting.plan["deaths"]):
                    victim = random.choice(cluster.agents[1:])
                    known, others = die(setting, cluster, changes, victim, strike)
                    first.append(known[0])
                    everybody.append(known[-1])
                    wrong += others
                    victim.reap()  # first: once heard again it would be back before it is started anew
                    undo(setting)
                    revive(cluster, changes, victim)
                    time.sleep(setting.plan["rest_s"])
            changes.close()
        return {"first_s": first, "all_s": everybody, "worst_s": everybody, "wrong": [wrong]}

    return block


def survivors_of(cluster):
    # Victims end and come back under other process numbers; the seed stays and stands for them.
    return [cluster.seed]


def die(setting, cluster, changes, victim, strike):
    """Seconds after which each of the others had logged it, in order; and how many other members were shown as
    failed meanwhile."""
    seen = len(changes.poll())
    began = time.monotonic_ns()
    strike(setting, victim)
    witnesses = {agent.name for agent in cluster.agents} - {victim.name}
    known, wrong = {}, 0
    while len(known) < len(witnesses):
        if time.monotonic_ns() - began > LIMIT_S * 1e9:
            raise Invalid(f"{len(witnesses) - len(known)} members do not notice within {LIMIT_S} s")
        time.sleep(0.02)
        fresh = changes.poll()[seen:]
        seen += len(fresh)
        for ns, agent, kind, name in fresh:
            if kind != "Failed" or agent is victim:
                continue  # a victim that is cut off sees the others go
            if name == victim.name:
                known.setdefault(agent.name, (ns - began) / 1e9)
            else:
                wrong += 1
    return sorted(known.values()), wrong


def revive(cluster, changes, victim):
    seen = len(changes.poll())
    cluster.restart(victim)
    witnesses = {agent.name for agent in cluster.agents} - {victim.name}
    end = time.monotonic() + LIMIT_S
    while witnesses:
        if time.monotonic() > end:
            raise Invalid(f"{victim.name} came back and {len(witnesses)} members do not notice")
        time.sleep(0.05)
        fresh = changes.poll()[seen:]
        seen += len(fresh)
        witnesses -= {agent.name for _, agent, kind, name in fresh if kind == "Join" and name == victim.name}


def figures(what, **targets):
    return [Figure("first_s", f"{what} known to the first", "s"),
            Figure("all_s", f"{what} known to all", "s", **targets),
            Figure("worst_s", f"{what} known to all, p99", "s", statistic="p99"),
            Figure("wrong", f"others shown as failed meanwhile ({what})", "", statistic="sum", digits=0)]


PLAN = {"quick": {"rounds": 1, "agents": 4, "settle_s": 1, "deaths": 1, "rest_s": 0},
        "normal": {"rounds": 5, "agents": 50, "settle_s": 10, "deaths": 5, "rest_s": 3},
        "full": {"rounds": 5, "agents": 50, "settle_s": 20, "deaths": 12, "rest_s": 5}}
