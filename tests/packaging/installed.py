"""What an installed copy has, for the tests of this folder, and agents to ask."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from gossipd_agent import AgentTest, GOSSIPCTL, GOSSIPD, LIMIT_S, environment, wait_until  # noqa: E402,F401

BUILD = pathlib.Path(os.environ.get("GOSSIP_BUILD", ROOT / "build"))
INSTALLED = pathlib.Path(os.environ.get("GOSSIP_INSTALLED", BUILD / "installed"))
SHARE = INSTALLED / "share"


def output(*command, **more):
    """What a command that must succeed prints."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=more.pop("timeout", LIMIT_S), **more)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def generated(*words):
    return output(str(BUILD / "packaging" / "gossip-generate"), *words)
