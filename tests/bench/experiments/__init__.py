"""The experiments, one a file, in the order in which they are run."""

import importlib

NAMES = ["size", "start", "members", "idle", "events", "loss", "tail", "throughput", "queries", "crash", "silent", "frozen",
         "flap", "crowd", "absorb", "mixed", "slow_handler"]


def load(name):
    return importlib.import_module(f"experiments.{name}").EXPERIMENT
