"""Two agents and gossipctl: the same for gossipd and for a real Serf (GOSSIP_SERF)."""

import json
import os
import pathlib
import subprocess
import tempfile

from gossipctl_run import BUILD, environment, run, wait_until

SERF = os.environ.get("GOSSIP_SERF", str(BUILD / "serf" / "usr" / "bin" / "serf"))
GOSSIPD = os.environ.get("GOSSIPD", str(BUILD / "agent" / "gossipd"))


class TwoAgents:
    """For a TestCase that says which `program` and which `block` of addresses."""

    def flags_of(self, _name):
        return ()

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.start("a", 1, "--tag", "role=web", "--tag", "dc=east", "--tag", "note=hello, world", *self.flags_of("a"))
        self.start("b", 2, "--tag", "role=db", *self.flags_of("b"))
        self.other = self.processes[-1]
        self.ok("join", self.address(2))
        self.wait_members({"a": "alive", "b": "alive"})

    processes = ()

    def address(self, number):
        return f"127.0.41.{self.block + number}"

    def start(self, name, number, *flags):
        log = open(os.path.join(self.folder.name, f"{name}.log"), "wb")
        process = subprocess.Popen([*self.program, "-node", name, "-bind", self.address(number), "-profile", "local",
                                    "-rpc-addr", f"{self.address(number)}:7373", *flags],
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment())
        log.close()
        self.processes = (*self.processes, process)
        self.addCleanup(self.end, process)

        def answers():
            if process.poll() is not None:
                raise AssertionError(f"{name} ended with {process.returncode}: {self.log(name)}")
            return self.ctl("info", number=number).returncode != 5

        wait_until(f"{name} answers", answers)

    @staticmethod
    def end(process):
        process.kill()
        process.wait()

    def log(self, name):
        return pathlib.Path(self.folder.name, f"{name}.log").read_text(errors="replace")

    def ctl(self, *args, number=1):
        return run(*args, env={"GOSSIP_RPC_ADDR": f"{self.address(number)}:7373"})

    def ok(self, *args):
        done = self.ctl(*args)
        self.assertEqual((done.returncode, done.stderr), (0, ""), args)
        return done.stdout

    def statuses(self):
        return {m["name"]: m["status"] for m in json.loads(self.ok("members", "-format=json"))["members"]}

    def wait_members(self, expected):
        wait_until(f"members {expected}", lambda: self.statuses() == expected)
