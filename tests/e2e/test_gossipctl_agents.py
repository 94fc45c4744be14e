"""gossipctl with agents: the same commands are driven against a gossipd and against a real Serf (GOSSIP_SERF).

Addresses: 127.0.41.100 to .249.
"""

import fcntl
import json
import os
import pathlib
import pty
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import time
import unittest

from gossipctl_agents import GOSSIPD, SERF, TwoAgents
from gossipctl_run import GOSSIPCTL, LIMIT_S, environment, run, wait_until

NOBODY = 65534


class AgentTests(TwoAgents):
    """What holds for any agent; the classes below say which."""

    def row(self, name, number, status, tags):
        return f"{name}  {self.address(number)}:7946  {status}  {tags}".rstrip() + "\n"

    def test_members(self):
        a = self.row("a", 1, "alive", 'dc=east,note="hello, world",role=web')
        b = self.row("b", 2, "alive", "role=db")
        self.assertEqual(self.ok("members"), a + b)
        for flags, rows in ((["-name=a"], a), (["--role", "db"], b), (["-tag", "role=w.*", "-tag=dc=east"], a),
                            (["-name=a|b"], a + b), (["-name=|x"], ""), (["-name=aa|bb"], ""), (["-status=.liv"], ""),
                            (["-status", "alive"], a + b), (["-tag=dc="], b), (["-name", "nobody"], "")):
            self.assertEqual(self.ok("members", *flags), rows, flags)
        self.assertRegex(self.ok("members", "-detailed", "-name=b"),
                         r"  Protocol Version: 5  Available Protocol Range: \[2, 5\]\n\Z")
        self.assertEqual(self.ok("members", "-name=nobody", "-format", "json"), '{\n  "members": []\n}\n')
        listed = json.loads(self.ok("members", "-format=json"))["members"]
        self.assertEqual([m["name"] for m in listed], ["a", "b"])
        self.assertEqual(listed[1], {"name": "b", "addr": f"{self.address(2)}:7946", "port": 7946, "status": "alive",
                                     "tags": {"role": "db"}, "protocol": {"min": 2, "max": 5, "version": 5}})

    def test_a_bad_pattern_is_an_error(self):
        done = self.ctl("members", "-name=(")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("regular expression" if self.closes_on_bad_pattern else "compile regex", done.stderr)

    def test_a_person_sees_a_header(self):
        reader, terminal = pty.openpty()
        done = subprocess.run([GOSSIPCTL, "members", f"--rpc-addr={self.address(1)}:7373"], stdout=terminal,
                              timeout=LIMIT_S, env=environment())
        shown = os.read(reader, 4096).decode()
        os.close(reader)
        os.close(terminal)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(shown, r"\ANAME +ADDRESS +STATUS +TAGS\r\na ")

    def test_no_line_is_wider_than_the_terminal(self):
        reader, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 48, 0, 0))
        subprocess.run([GOSSIPCTL, "members", f"--rpc-addr={self.address(1)}:7373"], stdout=terminal, check=True,
                       timeout=LIMIT_S, env=environment())
        shown = os.read(reader, 4096).decode().splitlines()
        os.close(reader)
        os.close(terminal)
        self.assertLessEqual(max(map(len, shown)), 48)
        self.assertRegex(shown[1], r"\Aa +127\.\S+:7946 +alive +dc=\S+…\Z")
        self.assertIn('dc=east,note="hello, world",role=web\n', self.ok("members"))

    def test_tags(self):
        self.assertEqual(self.ok("tags"), 'dc=east\nnote="hello, world"\nrole=web\n')
        self.assertEqual(self.ok("tags", "-set", "b=2=3", "-set=empty=", "-delete", "note", "-delete", "absent"),
                         "Successfully updated agent tags\n")
        self.assertEqual(json.loads(self.ok("tags", "-format=json")),
                         {"b": "2=3", "dc": "east", "empty": "", "role": "web"})
        self.assertEqual(self.ok("members", "-name=a"), self.row("a", 1, "alive", "b=2=3,dc=east,empty=,role=web"))
        self.assertEqual(json.loads(self.ok("tags", "-delete", "b", "-format", "json")),
                         {"dc": "east", "empty": "", "role": "web"})
        done = self.ctl("tags", "-set", "big=" + "x" * 600)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("512", done.stderr)
        self.assertEqual(self.ok("tags"), "dc=east\nempty=\nrole=web\n")

    def test_info(self):
        sections = json.loads(self.ok("info", "-format=json"))
        self.assertEqual(sections["agent"]["name"], "a")
        self.assertEqual(sections["tags"], {"dc": "east", "note": "hello, world", "role": "web"})
        self.assertEqual(sections["serf"]["members"], "2")
        lines = self.ok("info").splitlines()
        self.assertEqual([line[:-1] for line in lines if not line.startswith("\t")], sorted(sections))
        self.assertIn("\tmembers = 2", lines)

    def test_join(self):
        here, there = self.address(2), self.address(48)
        self.start("c", 3)
        self.assertEqual(self.ok("join", here, "-replay", f"{self.address(3)}:7946"),
                         "Successfully joined cluster by contacting 2 nodes.\n")
        self.assertEqual(json.loads(self.ok("join", here, "-format=json")), {"joined": 1})
        done = self.ctl("join", here, there)
        self.assertEqual((done.returncode, done.stdout), (0, "Successfully joined cluster by contacting 1 nodes.\n"))
        self.assertIn("only 1 of 2 addresses", done.stderr)
        done = self.ctl("join", there, f"{self.address(49)}:99")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, rf"\Agossipctl: error joining the cluster: [^\n]*{there}[^\n]*\n"
                                      rf"gossipctl: error joining the cluster: [^\n]*{self.address(49)}[^\n]*\n\Z")

    def test_as_serf_it_has_serfs_ways(self):
        with tempfile.TemporaryDirectory() as folder:
            serf = pathlib.Path(folder) / "serf"
            serf.symlink_to(pathlib.Path(GOSSIPCTL).absolute())
            for words, shown in ((["force-leave", "nobody"], ""), (["members", "-status=aliv"], ""),
                                 (["event", ""], "Event '' dispatched! Coalescing enabled: true\n")):
                done = subprocess.run([serf, words[0], f"-rpc-addr={self.address(1)}:7373", *words[1:]],
                                      stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                                      env=environment())
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, shown, ""), words)

    def test_force_leave(self):
        self.assertEqual(self.ctl("force-leave", "nobody").returncode, 3)
        done = self.ctl("force-leave", "b")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("--force", done.stderr)
        self.assertEqual(self.statuses(), {"a": "alive", "b": "alive"})
        self.end(self.other)
        self.wait_members({"a": "alive", "b": "failed"})
        self.assertEqual(self.ok("force-leave", "b"), "")
        self.wait_members({"a": "alive", "b": "left"})
        self.assertEqual(json.loads(self.ok("force-leave", "b", "-prune", "-format=json")), {"name": "b", "prune": True})
        self.wait_members({"a": "alive"})

    def monitor(self, *flags):
        process = subprocess.Popen([GOSSIPCTL, "monitor", f"--rpc-addr={self.address(1)}:7373", *flags],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=environment())
        self.addCleanup(self.end, process)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        return process

    def test_monitor_ends_well_at_ctrl_c(self):
        process = self.monitor("--log-level=debug")
        self.assertRegex(process.stdout.readline(), r"\A\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[[A-Z]+\] ")
        self.ok("tags", "-set", "x=1")
        for line in process.stdout:
            if "[EVENT] member-update: a " in line:
                self.assertRegex(line, rf"\A\d{{4}}/\d\d/\d\d \d\d:\d\d:\d\d \[EVENT\] member-update: a "
                                       rf"{self.address(1)}:7946 dc=east,note=\"hello, world\",role=web,x=1\n\Z")
                break
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(LIMIT_S), 0)

    def test_monitor_in_json_and_the_end_of_its_agent(self):
        process = self.monitor("-format=json", "--log-level", "none", "--events", "member-update")

        def feeds():  # the monitor may still be on its way to the agent
            self.ok("tags", "-set", f"now={time.monotonic_ns()}")
            return waiter.done.wait(0.5)

        waiter = Line(process.stdout)
        wait_until("an event", feeds)
        record = json.loads(waiter.line)
        self.assertEqual((record["type"], record["event"]), ("event", "member-update"))
        self.assertEqual(record["members"][0]["name"], "a")
        self.assertRegex(record["time"], r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
        self.end(self.processes[0])
        self.assertEqual(process.wait(LIMIT_S), 1)
        self.assertIn("left, stopped or crashed", process.stderr.read())

    def test_monitor_refusals(self):
        for flags, text in ((["--log-level=loud"], "unknown log level 'loud': trace, debug"),
                            (["--events=bogus"], "unknown event 'bogus': *, member-join")):
            done = self.ctl("monitor", *flags)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(text, done.stderr)

    def test_leave(self):
        self.assertEqual(self.ok("leave"), "Graceful leave complete\n")
        self.assertEqual(self.processes[0].wait(LIMIT_S), 0)
        self.assertEqual(self.ctl("leave").returncode, 5)
        self.assertEqual(json.loads(self.ctl("leave", "--format=json", number=2).stdout), {"left": True})

    def test_tokens(self):
        token = os.path.join(self.folder.name, "token")
        pathlib.Path(token).write_text("s3cret\n")
        self.start("c", 3, *self.token_flags(token))
        done = self.ctl("members", number=3)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("Authentication required", done.stderr)
        done = self.ctl("members", "-rpc-auth=wrong", number=3)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("Invalid authentication token", done.stderr)
        for flags in (["-rpc-auth=s3cret"], ["--rpc-auth-file", token]):
            done = self.ctl("members", *flags, number=3)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        for name in ("GOSSIP_RPC_AUTH", "SERF_RPC_AUTH"):
            self.assertEqual(run("members", f"-rpc-addr={self.address(3)}:7373", env={name: "s3cret"}).returncode, 0)


class Line(threading.Thread):
    """The next line of a pipe, while the test does something else."""

    def __init__(self, pipe):
        super().__init__(daemon=True)
        self.pipe = pipe
        self.line = ""
        self.done = threading.Event()
        self.start()

    def run(self):
        self.line = self.pipe.readline()
        self.done.set()


class SerfTest(AgentTests, unittest.TestCase):
    program = (SERF, "agent")
    block = 100
    closes_on_bad_pattern = True

    @staticmethod
    def token_flags(file):
        config = pathlib.Path(file + ".json")
        config.write_text(json.dumps({"rpc_auth": pathlib.Path(file).read_text().strip()}))
        return ["-config-file", str(config)]

    def test_json_is_serfs_own(self):
        for command in ("info", "members"):
            def texts(words=(command, "-format=json")):
                serf = subprocess.run([SERF, *words, f"-rpc-addr={self.address(1)}:7373"], capture_output=True,
                                      text=True, timeout=LIMIT_S, check=True).stdout
                both = (serf, self.ok(*words))
                if words[0] == "info":  # the counters of its runtime never rest
                    both = ({k: v for k, v in json.loads(text).items() if k != "runtime"} for text in both)
                return tuple(both)

            for _ in range(100):  # its queues, clocks and health move for a while after the join
                serf, ours = texts()
                if ours == serf:
                    break
                time.sleep(0.1)
            self.assertEqual(ours, serf)


class GossipdTest(AgentTests, unittest.TestCase):
    program = (GOSSIPD,)
    block = 200
    closes_on_bad_pattern = False

    @staticmethod
    def token_flags(file):
        return ["--rpc-auth-file", file]

    def test_unix_socket(self):
        path = os.path.join(self.folder.name, "agent.sock")
        self.start("c", 3, "--rpc-addr", path)
        row = self.row("c", 3, "alive", "")
        for address in (path, f"unix://{path}"):
            done = run("members", "--rpc-addr", address)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, row, ""))

    @unittest.skipIf(os.geteuid() != 0, "only root can act as another user")
    def test_another_user_is_refused_at_the_socket_and_behind_it(self):
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        os.chmod(self.folder.name, 0o711)
        for number, mode, code, text in ((3, "0600", 5, "not allowed to open"), (4, "0666", 1, "Permission denied")):
            path = os.path.join(self.folder.name, f"{mode}.sock")
            self.start(f"m{mode}", number, "--rpc-addr", path, "--rpc-mode", mode)
            done = run("members", "--rpc-addr", path, **other)
            self.assertEqual((done.returncode, done.stdout), (code, ""))
            self.assertIn(text, done.stderr)


if __name__ == "__main__":
    unittest.main()
