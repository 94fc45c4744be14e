"""E7: a process is frozen (SIGSTOP); its kernel still accepts connections for it."""

import signal

from measure.experiment import Experiment

from experiments import deaths


def strike(_setting, victim):
    victim.send_signal(signal.SIGSTOP)


EXPERIMENT = Experiment(
    code="E7", name="frozen", title="A process is frozen",
    figures=deaths.figures("frozen process", ratio=1), plan=deaths.PLAN,
    block=deaths.block_of(strike, lambda _setting: None))
