"""The size that a package would install."""

import os
import subprocess

from measure.agents import GOSSIPD, SERF
from measure.experiment import Experiment, Figure


def block(setting):
    program = {"serf": SERF, "gossipd": GOSSIPD}[setting.variant]
    copy = os.path.join(setting.folder, "stripped")
    subprocess.run(["strip", "-o", copy, str(program)], check=True)
    return {"binary_mb": [os.path.getsize(copy) / 1e6]}


EXPERIMENT = Experiment(
    code="–", name="size", title="Size of the daemon",
    figures=[Figure("binary_mb", "binary, stripped", "MB", at_most=2.5)],
    plan={scale: {"rounds": 1} for scale in ("quick", "normal", "full")},
    block=block)
