"""Real agents on loopback: gossipd and Serf behind one face, so that a scenario can be told for either."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOSSIPD = pathlib.Path(os.environ.get("GOSSIPD", ROOT / "build" / "agent" / "gossipd"))
GOSSIPCTL = pathlib.Path(os.environ.get("GOSSIPCTL", ROOT / "build" / "cli" / "gossipctl"))
SERF = pathlib.Path(os.environ.get("GOSSIP_SERF", ROOT / "build" / "serf" / "usr" / "bin" / "serf"))

# Conditions are waited for, never timed: the limit only ends a test that would hang.
LIMIT_S = 60


class Failed(AssertionError):
    """A condition did not come true; the message says what was there instead."""


def wait_until(what, condition, limit_s=LIMIT_S):
    """Repeats `condition` until it returns something true, and returns that."""
    end = time.monotonic() + limit_s
    seen = None
    while time.monotonic() < end:
        seen = condition()
        if seen:
            return seen
        time.sleep(0.05)
    raise Failed(f"not within {limit_s} s: {what}")


class Agent:
    """One agent process. Subclasses know how it is started and asked."""

    log_level = "debug"

    def __init__(self, name, ip, folder, key=None, compression=True):
        self.name = name
        self.ip = ip
        self.rpc = f"{ip}:7373"
        self.folder = pathlib.Path(folder)
        self.key = key
        self.compression = compression
        self.process = None
        self.starts = 0

    def launch(self, *flags):
        """Starts the process, which may be about to end."""
        self.starts += 1
        log = open(self.folder / f"{self.name}.{self.starts}.log", "wb")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("GOSSIP_RPC", "SERF_RPC"))}
        self.process = subprocess.Popen(
            self.command() + list(flags), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        log.close()
        return self

    def start(self, *flags):
        return self.launch(*flags).wait_answers()

    def wait_answers(self):
        wait_until(f"{self.name} answers on {self.rpc}", self._answers)
        return self

    def _answers(self):
        if self.process.poll() is not None:
            raise Failed(f"{self.name} ended with {self.process.returncode}:\n{self.log()}")
        return self.ask("members", "-format=json", check=False).returncode == 0

    def log(self):
        return (self.folder / f"{self.name}.{self.starts}.log").read_text(errors="replace")

    def ask(self, command, *args, check=True):
        done = subprocess.run(self.client() + [command, f"-rpc-addr={self.rpc}", *args],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S)
        if check and done.returncode != 0:
            raise Failed(f"{self.name}: {command} {args} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def members(self):
        """name → (ip:port, status, tags), as this agent's own client prints them."""
        listed = json.loads(self.ask("members", "-format=json").stdout)["members"] or []
        return {m["name"]: (m["addr"], m["status"], m["tags"] or {}) for m in listed}

    def status_of(self, name):
        member = self.members().get(name)
        return member[1] if member else None

    def join(self, *contacts):
        self.ask("join", *[c.ip if isinstance(c, Agent) else c for c in contacts])

    def set_tags(self, **tags):
        self.ask("tags", *[f"-set={k}={v}" for k, v in tags.items()])

    def delete_tag(self, name):
        self.ask("tags", f"-delete={name}")

    def leave(self):
        self.ask("leave")
        self.wait_ended()

    def force_leave(self, name, *flags):
        self.ask("force-leave", *flags, name)

    def wait_ended(self):
        return self.process.wait(timeout=LIMIT_S)

    def kill(self):
        """As a crash: nobody is told."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def asked_by(self, kind):
        """The same process, asked by the client of `kind`."""
        other = kind(self.name, self.ip, self.folder, self.key, self.compression)
        other.process, other.starts = self.process, self.starts
        return other

    def moved(self, ip):
        """The same name at another address, to be started."""
        other = type(self)(self.name, ip, self.folder, self.key, self.compression)
        other.starts = self.starts
        return other


class Gossipd(Agent):
    kind = "gossipd"

    def command(self):
        line = [str(GOSSIPD), "--node", self.name, "--bind", self.ip, "--rpc-addr", self.rpc,
                "--log-level", self.log_level]
        if self.key:
            line += ["--encrypt", self.key]
        if not self.compression:
            line += ["--disable-compression"]
        return line

    def client(self):
        return [str(GOSSIPCTL)]


class Serf(Agent):
    kind = "serf"

    def command(self):
        line = [str(SERF), "agent", f"-node={self.name}", f"-bind={self.ip}", f"-rpc-addr={self.rpc}",
                f"-log-level={self.log_level}"]
        if self.key:
            line.append(f"-encrypt={self.key}")
        if not self.compression:
            line.append("-disable-compression")
        return line

    def client(self):
        return [str(SERF)]


class Cluster:
    """Agents of one test on a network of their own, 127.`net`.`subnet`.0/24, ended and cleaned up at the end."""

    def __init__(self, net, subnet, key=None, compression=True):
        self.prefix = f"127.{net}.{subnet}"
        self.key = key
        self.compression = compression
        self.agents = []
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gossip-interop-"))
        self.hosts = 0

    def next_ip(self):
        self.hosts += 1
        return f"{self.prefix}.{self.hosts}"

    def add(self, kind, name):
        agent = kind(name, self.next_ip(), self.folder, self.key, self.compression)
        self.agents.append(agent)
        return agent

    def adopt(self, agent):
        self.agents.append(agent)
        return agent

    def close(self, keep_logs=False):
        for agent in self.agents:
            agent.kill()
        if keep_logs:
            print(f"logs are kept in {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def running(self):
        return [a for a in self.agents if a.process and a.process.poll() is None]

    def wait_views(self, expected):
        """Until every running agent shows `expected`: name → status, or name → (status, tags)."""

        def differing():
            for agent in self.running():
                shown = agent.members()
                view = {}
                for name, (_, status, tags) in shown.items():
                    wanted = expected.get(name)
                    view[name] = (status, tags) if isinstance(wanted, tuple) else status
                if view != expected:
                    return agent.name, view
            return None

        last = [None]

        def equal():
            last[0] = differing()
            return last[0] is None

        try:
            wait_until(f"all show {expected}", equal)
        except Failed as failed:
            raise Failed(f"{failed}; {last[0][0]} shows {last[0][1]}") from None
        self.check_addresses()

    def check_addresses(self):
        """Equal views are equal in addresses and tags too."""
        views = [agent.members() for agent in self.running()]
        for view in views[1:]:
            if view != views[0]:
                # A change may have come between two looks; the statuses are equal, so wait for the rest.
                wait_until("equal addresses and tags",
                           lambda: len({json.dumps(a.members(), sort_keys=True) for a in self.running()}) == 1)
                return
