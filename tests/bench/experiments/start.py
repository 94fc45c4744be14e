"""E1: from exec to an answered RPC handshake, lone agents; and what such an agent holds."""

from measure import programs
from measure.agents import KINDS
from measure.experiment import Experiment, Figure


def block(setting):
    agent = KINDS[setting.variant]("lone", f"{setting.net}.0.1")
    found = programs.starts(setting.plan["starts"], agent)
    return {"start_ms": [ms for ms, _ in found], "rss_mb": [mb for _, mb in found]}


EXPERIMENT = Experiment(
    code="E1", name="start", title="Start",
    figures=[Figure("start_ms", "start to RPC answering", "ms", at_most=2.5, ratio=3),
             Figure("rss_mb", "RSS of a lone agent", "MB", at_most=3.5)],
    plan={"quick": {"rounds": 2, "starts": 10}, "normal": {"rounds": 10, "starts": 20},
          "full": {"rounds": 20, "starts": 50}},
    block=block)
