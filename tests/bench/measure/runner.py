"""Runs the blocks of an experiment: variants interleaved in random order, invalid ones discarded and repeated."""

import dataclasses
import itertools
import random
import sys
import tempfile
import time

from .agents import Failed
from .experiment import Invalid, Setting
from .namespace import Unavailable

REPEATS = 2  # how often an invalid block is tried again


@dataclasses.dataclass
class Results:
    """What one experiment gave. `samples[variant][figure]` is a list of blocks, each a list of numbers."""

    experiment: object
    plan: dict
    samples: dict
    discarded: list
    skipped: str | None = None

    def blocks(self, variant, figure):
        return self.samples.get(variant, {}).get(figure, [])


def say(text):
    print(text, file=sys.stderr, flush=True)


_nets = itertools.count()


def run(experiment, scale, *, quiet_machine, rounds=None):
    plan = experiment.plan[scale]
    results = Results(experiment, plan, {variant: {} for variant in experiment.variants}, [])
    for number in range(rounds or plan["rounds"]):
        order = random.sample(experiment.variants, len(experiment.variants))
        for variant in order:
            _run_block(results, variant, number, quiet_machine)
            if results.skipped:
                say(f"{experiment.code} {experiment.name}: skipped: {results.skipped}")
                return results
    return results


def _run_block(results, variant, number, quiet_machine):
    experiment = results.experiment
    label = f"{experiment.code} {experiment.name}, block {number + 1}, {variant}"
    for attempt in range(1 + REPEATS):
        began = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix="gossip-bench-") as folder:
                setting = Setting(variant, results.plan, f"127.{64 + next(_nets) % 128}", folder, quiet_machine)
                found = experiment.block(setting)
        except Unavailable as unavailable:
            results.skipped = str(unavailable)
            return
        except (Invalid, Failed) as invalid:
            say(f"{label}: discarded: {invalid}")
            results.discarded.append(f"{label}: {invalid}")
            continue
        for key, samples in found.items():
            results.samples[variant].setdefault(key, []).append(samples)
        say(f"{label}: {time.monotonic() - began:.0f} s")
        return
