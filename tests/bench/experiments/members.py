"""E13: the members list, by RPC on an open connection and by the command line."""

import time

from measure import programs
from measure.agents import GOSSIPCTL, RPC_PORT, SERF
from measure.cluster import pure
from measure.experiment import Experiment, Figure, steady

def block(setting):
    plan = setting.plan
    with pure(setting, plan["agents"]) as cluster:
        cluster.start()
        time.sleep(plan["settle_s"])
        with steady(setting, cluster.agents):
            return {**call(cluster.seed, plan["calls"]), **refuse(cluster.seed, plan["calls"]),
                    **run_command(setting.variant, cluster.seed, plan["commands"])}


def call(agent, times):
    """Milliseconds of the agent's processor for each call, and between request and whole answer."""
    client = agent.connect()
    found = timed(agent, client.repeat("members"), times)
    client.close()
    return found


def refuse(agent, times):
    """The same of a call that is refused at once, of which little but the kernel's part is left."""
    client = agent.connect()
    found = timed(agent, client.repeat("handshake", {"Version": 1}, has_body=False), times)
    client.close()
    return {"refused_cpu_ms": found["rpc_cpu_ms"]}


def timed(agent, exchange, times):
    exchange()
    cpu, walls = agent.cpu_ns(), []
    for _ in range(times):
        began = time.perf_counter_ns()
        exchange()
        walls.append((time.perf_counter_ns() - began) / 1e6)
    cpu = agent.cpu_ns() - cpu
    return {"rpc_cpu_ms": [cpu / 1e6 / times], "rpc_ms": walls}


def run_command(variant, agent, times):
    """Milliseconds from start to end of the command, and what it held at most, in MB."""
    program = {"serf": SERF, "gossipd": GOSSIPCTL}[variant]
    found = programs.commands(times, [str(program), "members", f"-rpc-addr={agent.ip}:{RPC_PORT}"])
    return {"cli_ms": [ms for ms, _ in found], "cli_mb": [mb for _, mb in found]}


EXPERIMENT = Experiment(
    code="E13", name="members", title="The members list",
    figures=[Figure("rpc_cpu_ms", "RPC members of 50, the agent's CPU", "ms", digits=3, ratio=7),
             Figure("refused_cpu_ms", "RPC that is refused, the agent's CPU", "ms", digits=3),
             Figure("rpc_ms", "RPC members of 50, wall", "ms", digits=3),
             Figure("cli_ms", "members by CLI, wall", "ms", at_most=1.5),
             Figure("cli_mb", "members by CLI, peak memory", "MB", at_most=4)],
    plan={"quick": {"rounds": 1, "agents": 5, "settle_s": 1, "calls": 50, "commands": 5},
          "normal": {"rounds": 5, "agents": 50, "settle_s": 10, "calls": 500, "commands": 40},
          "full": {"rounds": 10, "agents": 50, "settle_s": 10, "calls": 1000, "commands": 100}},
    block=block)
