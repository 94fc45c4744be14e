"""What an experiment is: figures, and a block that takes samples of them from one variant."""

import contextlib
import dataclasses
import os
import time
from collections.abc import Callable

from . import process

SCALES = ("quick", "normal", "full")


class Invalid(RuntimeError):
    """The block measured something else than the agents; it is discarded, and the report says so."""


@dataclasses.dataclass(frozen=True)
class Figure:
    key: str
    title: str
    unit: str
    statistic: str = "median"  # of sampling.STATISTICS, over all samples of all blocks
    better: str = "less"       # or "more"
    digits: int = 2
    at_most: float | None = None    # what ours may be, in `unit`
    at_least: float | None = None   # what ours must be, where more is better
    ratio: float | None = None      # how many times better than Serf


@dataclasses.dataclass(frozen=True)
class Experiment:
    code: str       # of the plan, such as "E5"
    name: str       # on the command line
    title: str
    figures: list[Figure]
    plan: dict      # scale → whatever the block needs, and "rounds"
    block: Callable  # (Setting) → {figure key: [samples]}
    variants: tuple = ("serf", "gossipd")
    plots: Callable | None = None  # (Results) → {file name: SVG text}
    notes: Callable | None = None  # (Results) → [sentence]


@dataclasses.dataclass
class Setting:
    """What a block is given."""

    variant: str
    plan: dict
    net: str         # "127.N": addresses of this block start with it
    folder: str      # for logs, gone afterwards
    quiet_machine: bool  # whether other processes' load makes a block invalid


@contextlib.contextmanager
def steady(setting, running, others=()):
    """A span in which agents should behave normally. Afterwards Invalid if datagrams were lost, if the agents
    and the processes `others` (pids) had no processor to spare, or if somebody else than they and this program used it."""
    watched = [agent.pid for agent in running] + list(others)
    cores = os.cpu_count()
    losses = process.udp_losses()
    busy, own, began = process.machine_busy_ns(), sum(map(process.on_cpu_ns, watched)), time.monotonic_ns()
    measuring = process.measuring_ns()
    span = {}
    yield span
    wall = time.monotonic_ns() - began
    own = sum(process.on_cpu_ns(pid) for pid in watched if os.path.exists(f"/proc/{pid}/task")) - own
    busy = process.machine_busy_ns() - busy - (process.measuring_ns() - measuring)
    lost = process.udp_losses() - losses
    span["cores_used"] = own / wall
    if lost:
        raise Invalid(f"the kernel dropped {lost} datagrams")
    if own > 0.6 * cores * wall:
        raise Invalid(f"the agents took {own / wall:.2f} of {cores} cores")
    if setting.quiet_machine and busy - own > 0.2 * cores * wall + 20_000_000:
        raise Invalid(f"other processes took {(busy - own) / wall:.2f} of {cores} cores")
