"""E6: a process is killed; its host lives and refuses connections for it."""

import signal

from measure.experiment import Experiment
from measure.svg import distribution

from experiments import deaths


def strike(_setting, victim):
    victim.send_signal(signal.SIGKILL)


def plots(results):
    curves = {variant: [s for run in results.blocks(variant, "all_s") for s in run]
              for variant in results.experiment.variants}
    title = f"A killed process, {results.plan['agents']} agents: share of deaths that all know of"
    return {"crash.svg": distribution(title, "seconds after the kill", curves)}


EXPERIMENT = Experiment(
    code="E6", name="crash", title="A process dies",
    figures=deaths.figures("process death", at_most=3.2, ratio=2.5), plan=deaths.PLAN,
    block=deaths.block_of(strike, lambda _setting: None), plots=plots)
