"""E16: how many packets an agent takes for each second of processor: pings, which it answers, and claims that it
knows already; plain and with AES-256."""

import base64

from measure import process
from measure.agents import KINDS
from measure.experiment import Experiment, Figure, Invalid
from measure.programs import flood

KEY = base64.b64encode(bytes(range(32))).decode()


def block(setting):
    found = {}
    for name, key in (("plain", None), ("aes", KEY)):
        agent = KINDS[setting.variant]("lone", f"{setting.net}.0.1", key=key)
        try:
            agent.spawn()
            agent.connect().close()
            for kind in ("pings", "claims"):
                found[f"{kind}_{name}"] = [rate(agent, setting.plan["seconds"], kind, key or "")]
        finally:
            agent.reap()
    return found


def rate(agent, seconds, kind, key):
    losses, cpu = process.udp_losses(), agent.cpu_ns()
    packets, _ = flood(agent, seconds, kind, key)
    cpu = agent.cpu_ns() - cpu
    if process.udp_losses() != losses:
        raise Invalid("the kernel dropped datagrams")
    return packets / (cpu / 1e9) / 1000


def figure(key, title, **targets):
    return Figure(key, title, "k/s", better="more", digits=1, **targets)


EXPERIMENT = Experiment(
    code="E16", name="absorb", title="Packets per second of processor",
    figures=[figure("pings_plain", "pings answered", at_least=150, ratio=5),
             figure("claims_plain", "packets that need no reply", at_least=250),
             figure("pings_aes", "pings answered, AES-256", at_least=120, ratio=5),
             figure("claims_aes", "packets that need no reply, AES-256")],
    plan={"quick": {"rounds": 1, "seconds": 0.3}, "normal": {"rounds": 7, "seconds": 2},
          "full": {"rounds": 15, "seconds": 3}},
    block=block)
