"""What scrapes: promtool and Prometheus out of Debian's package, which tests/run.sh unpacks and never installs."""

import os
import pathlib
import subprocess
import unittest

from gossipd_agent import LIMIT_S, ROOT

UNPACKED = pathlib.Path(os.environ.get("GOSSIP_PROMETHEUS", ROOT / "build" / "prometheus"))


def program(name):
    found = UNPACKED / "usr" / "bin" / name
    if not found.exists():
        raise unittest.SkipTest(f"no {name} in {UNPACKED}: tests/run.sh unpacks it")
    return str(found)


def complaints(text):
    """What promtool has to say about a page of metrics, or nothing."""
    done = subprocess.run([program("promtool"), "check", "metrics"], input=text, capture_output=True, text=True,
                          timeout=LIMIT_S)
    return done.stdout + done.stderr + (f"exit code {done.returncode}" if done.returncode else "")


def samples(text):
    """A page of Prometheus' text as {"name{labels}": value}."""
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in lines}
