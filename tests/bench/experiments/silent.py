"""E7: a host falls silent: nothing comes from it any more, nothing that is sent to it is answered."""

from measure import namespace
from measure.agents import RPC_PORT
from measure.experiment import Experiment

from experiments import deaths


def strike(_setting, victim):
    namespace.silence([victim.ip], RPC_PORT)


def undo(_setting):
    namespace.mend()


def block(setting):
    namespace.mend()  # says at once if this machine cannot
    return deaths.block_of(strike, undo)(setting)


EXPERIMENT = Experiment(
    code="E7", name="silent", title="A host falls silent",
    figures=deaths.figures("silent death", ratio=1), plan=deaths.PLAN, block=block)
