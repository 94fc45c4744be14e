"""Starts gossipd for the tests of this folder, and looks at it from outside."""

import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("GOSSIP_BUILD", ROOT / "build"))
GOSSIPD = os.environ.get("GOSSIPD", str(BUILD / "agent" / "gossipd"))
GOSSIPCTL = os.environ.get("GOSSIPCTL", str(BUILD / "cli" / "gossipctl"))

# Only ends a test that would hang.
LIMIT_S = 60


def environment(**extra):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GOSSIP_", "SERF_", "XDG_"))}
    # A sanitizer's own settings have to get through; what this host has in /etc/gossipd does not count.
    return {**kept, "GOSSIP_CONFIG_FILE": "none", **extra}


def run(*args, env=None):
    return subprocess.run([GOSSIPD, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=LIMIT_S, env=environment(**(env or {})))


def wait_until(what, condition):
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        seen = condition()
        if seen:
            return seen
        time.sleep(0.02)
    raise AssertionError(f"not within {LIMIT_S} s: {what}")


class AgentTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gossipd-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.agents = []
        self.addCleanup(self.end_agents)

    def end_agents(self):
        for agent in self.agents:
            if agent.poll() is None:
                agent.kill()
            agent.wait()

    def path(self, name):
        return str(self.folder / name)

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return self.path(name)

    def begin(self, name, *flags, env=None):
        """Starts an agent whose socket and log carry its name; it may be about to fail."""
        with open(self.path(name + ".log"), "wb") as log:
            agent = subprocess.Popen([GOSSIPD, "--node", name, "--rpc-addr", self.path(name + ".sock"), *flags],
                                     stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                     env=environment(**(env or {})))
        self.agents.append(agent)
        return agent

    def start(self, name, *flags, env=None):
        agent = self.begin(name, *flags, env=env)
        wait_until(f"{name} runs", lambda: agent.poll() is not None or self.ctl(name, "info").returncode == 0)
        self.assertIsNone(agent.poll(), self.log(name))
        return agent

    def log(self, name):
        return pathlib.Path(self.path(name + ".log")).read_text()

    def logged(self, name, text):
        wait_until(f"{text!r} in the log of {name}", lambda: text in self.log(name))

    def ctl(self, name, command, *args):
        return subprocess.run([GOSSIPCTL, command, "--rpc-addr", self.path(name + ".sock"), *args],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S,
                              env=environment())

    def members(self, name):
        listed = json.loads(self.ctl(name, "members", "--format", "json").stdout)["members"]
        return {m["name"]: m for m in listed}

    def status(self, name, of):
        return self.members(name).get(of, {}).get("status")
