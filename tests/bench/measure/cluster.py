"""A cluster of agents on loopback addresses of its own."""

import time

from .agents import KINDS
from .programs import Converging


class Cluster:
    """`kinds` names the program of each member. Used in a with statement, which ends every process."""

    def __init__(self, setting, kinds, flags=(), log_level=None):
        self.setting = setting
        self.flags = tuple(flags)
        self.agents = []
        for number, kind in enumerate(kinds):
            agent = KINDS[kind](f"m{number}", f"{setting.net}.{number // 250}.{number % 250 + 1}")
            if log_level:
                agent.log_level = log_level
            self.agents.append(agent)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for agent in self.agents:
            agent.reap()

    @property
    def seed(self):
        return self.agents[0]

    def log_of(self, agent):
        return f"{self.setting.folder}/{agent.name}.log" if agent.log_level != "err" else None

    def start(self):
        """The seed first, then all others at once, each joining it. Returns the milliseconds from their start
        until every member had every other."""
        self.seed.spawn(*self.flags, log=self.log_of(self.seed))
        self.seed.connect().close()
        converging = Converging(self.agents, len(self.agents))
        time.sleep(0.2)  # the observer is there, and the seed at rest
        begin = time.monotonic_ns()
        for agent in self.agents[1:]:
            self.restart(agent)
        return (converging.result() - begin) / 1e6

    def restart(self, agent):
        """As at the start: it joins the seed, or the next one if it is the seed."""
        contact = self.seed if agent is not self.seed else self.agents[1]
        agent.spawn(*self.flags, f"-join={contact.ip}", log=self.log_of(agent))

    def cpu_ns(self):
        return sum(agent.cpu_ns() for agent in self.agents)


def pure(setting, count, **more):
    """All members run the program that the block is about."""
    return Cluster(setting, [setting.variant] * count, **more)
