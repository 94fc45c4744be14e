"""Runs gossipctl for the tests of this folder."""

import os
import pathlib
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("GOSSIP_BUILD", ROOT / "build"))
GOSSIPCTL = os.environ.get("GOSSIPCTL", str(BUILD / "cli" / "gossipctl"))

# Only ends a test that would hang.
LIMIT_S = 60


def environment(**extra):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GOSSIP_RPC", "SERF_RPC", "XDG_"))}
    return {**kept, **extra}


def run(*args, env=None, **options):
    return subprocess.run([GOSSIPCTL, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=LIMIT_S, env=environment(**(env or {})), **options)


def wait_until(what, condition):
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {LIMIT_S} s: {what}")
