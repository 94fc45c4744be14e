"""E4, E13, E15: one agent that knows very many members, injected by push/pull: memory, the cost of a further
push/pull (served and merged), and of the members list."""

import time

from measure.agents import KINDS
from measure.experiment import Experiment, Figure
from measure.programs import Crowd

from experiments.members import call


def block(setting):
    found = {}
    for count in setting.plan["members"]:
        agent = KINDS[setting.variant]("known", f"{setting.net}.0.1")
        # A second one shares the program's text with it, as in all other figures of private memory.
        lone = KINDS[setting.variant]("lone", f"{setting.net}.0.2")
        crowd = Crowd(count, f"127.{int(setting.net.split('.')[1]) ^ 64}")
        try:
            for each in (agent, lone):
                each.spawn()
                each.connect().close()
            for key, value in measure(setting, agent, crowd).items():
                found[f"{key}_{count}"] = value
        finally:
            agent.reap()
            lone.reap()
            crowd.close()
    return found


def measure(setting, agent, crowd):
    plan = setting.plan
    crowd.sync(agent)
    # All that it wants to tell others is told by then, and gossipd has looked twice for memory to give back.
    time.sleep(plan["settle_s"])
    idle = agent.cpu_ns()
    time.sleep(1)
    idle = agent.cpu_ns() - idle
    memory = agent.memory()
    cpu = agent.cpu_ns()
    wall, size = crowd.sync(agent, plan["syncs"])
    cpu = agent.cpu_ns() - cpu - idle * wall
    listed = call(agent, plan["calls"])
    return {"private_mb": [memory.private], "sync_cpu_ms": [cpu / 1e6 / plan["syncs"]], "sync_bytes": [size],
            "after_mb": [agent.memory().private], "rpc_cpu_ms": listed["rpc_cpu_ms"]}


def figures(count, **targets):
    return [Figure(f"private_mb_{count}", f"private memory, {count} members known", "MB", at_most=targets.get("private")),
            Figure(f"after_mb_{count}", f"private memory after the push/pulls, {count} members", "MB"),
            Figure(f"sync_cpu_ms_{count}", f"push/pull of {count} members, served and merged, CPU", "ms",
                   ratio=targets.get("sync")),
            Figure(f"sync_bytes_{count}", f"push/pull of {count} members, bytes sent", "B", digits=0),
            Figure(f"rpc_cpu_ms_{count}", f"RPC members of {count}, the agent's CPU", "ms")]


EXPERIMENT = Experiment(
    code="E4, E13, E15", name="crowd", title="Very many members",
    figures=[*figures(100), *figures(1000), *figures(10000, private=4, sync=15)],
    plan={"quick": {"rounds": 1, "members": [100], "settle_s": 1, "syncs": 5, "calls": 10},
          "normal": {"rounds": 3, "members": [1000, 10000], "settle_s": 130, "syncs": 10, "calls": 20},
          "full": {"rounds": 5, "members": [1000, 10000], "settle_s": 130, "syncs": 20, "calls": 50}},
    block=block)
