"""gossipctl as a script sees it: output, exit codes, and what it does when there is no agent or a bad one.

The same commands are driven against a gossipd and against a real Serf (GOSSIP_SERF). Addresses: 127.0.41.0/24.
"""

import base64
import json
import os
import pathlib
import pty
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("GOSSIP_BUILD", ROOT / "build"))
GOSSIPD = os.environ.get("GOSSIPD", str(BUILD / "agent" / "gossipd"))
GOSSIPCTL = os.environ.get("GOSSIPCTL", str(BUILD / "cli" / "gossipctl"))
SERF = os.environ.get("GOSSIP_SERF", str(BUILD / "serf" / "usr" / "bin" / "serf"))
NOBODY = 65534

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


class CommandLineTest(unittest.TestCase):
    def test_help_is_data(self):
        for args in (["--help"], ["-h"], ["help"], ["members", "-help"], ["join", "x", "--help"]):
            done = run(*args)
            self.assertEqual((done.returncode, done.stderr), (0, ""), args)
            self.assertIn("Usage: gossipctl", done.stdout)

    def test_usage_errors_end_with_2_and_say_where_help_is(self):
        for args in ([], ["bogus"], ["members", "extra"], ["members", "-nonsense"], ["join"], ["tags", "-set", "x"],
                     ["force-leave", "a", "b"], ["keygen", "x"], ["info", "-format=xml"],
                     ["members", "--rpc-addr=host:port"]):
            done = run(*args)
            self.assertEqual((done.returncode, done.stdout), (2, ""), args)
            self.assertRegex(done.stderr, r"\Agossipctl: [^\n]+\n\Z", args)

    def test_keygen_makes_a_new_key_of_32_bytes_each_time(self):
        keys = [run("keygen").stdout for _ in range(2)]
        self.assertNotEqual(*keys)
        for key in keys:
            self.assertEqual(len(base64.b64decode(key.removesuffix("\n"), validate=True)), 32)

    def test_version(self):
        for args in (["version"], ["-v"], ["--version"]):
            self.assertRegex(run(*args).stdout,
                             r"\Agossipctl [0-9.]+\nAgent Protocol: 5 \(Understands back to: 2\)\n\Z")
        self.assertEqual(json.loads(run("version", "-format=json").stdout)["protocol"],
                         {"min": 2, "max": 5, "version": 5})

    def test_a_full_disk_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([GOSSIPCTL, "keygen"], stdout=full, stderr=subprocess.PIPE, text=True,
                                  timeout=LIMIT_S)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left on device", done.stderr)


class NoAgentTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, "gossipd.sock")

    def listen(self, path=None, then=None):
        """A server that is no agent: it takes connections and calls `then` for each."""
        server = socket.socket(socket.AF_UNIX)
        self.addCleanup(server.close)
        server.bind(path or self.path)
        server.listen()

        def serve():
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                self.addCleanup(client.close)
                if then:
                    then(client)

        threading.Thread(target=serve, daemon=True).start()
        self.addCleanup(server.shutdown, socket.SHUT_RDWR)

    def check_no_agent(self, done, *named):
        self.assertEqual((done.returncode, done.stdout), (5, ""))
        self.assertRegex(done.stderr, r"\Agossipctl: no agent answers at [^\n]+: start one with 'gossipd', "
                                      r"or name another with --rpc-addr\n\Z")
        for text in named:
            self.assertIn(text, done.stderr)

    def test_one_line_names_the_socket_and_the_way_out(self):
        self.check_no_agent(run("members", "--rpc-addr", self.path), f"at unix://{self.path}:")
        self.check_no_agent(run("leave", env={"GOSSIP_RPC_ADDR": self.path}), self.path)
        self.check_no_agent(run("info", "-rpc-addr=127.0.41.250:7373"), "at 127.0.41.250:7373 (Connection refused)")

    def test_a_stale_socket_is_no_agent(self):
        stale = socket.socket(socket.AF_UNIX)
        stale.bind(self.path)
        stale.close()
        self.check_no_agent(run("members", "--rpc-addr", self.path), "(Connection refused)")

    def test_addresses_are_tried_in_order(self):
        env = {"GOSSIP_RPC_ADDR": "/first.sock", "SERF_RPC_ADDR": "/second.sock"}
        self.check_no_agent(run("members", env=env), "unix:///first.sock")
        self.check_no_agent(run("members", "--rpc-addr=/flag.sock", env=env), "unix:///flag.sock")
        self.check_no_agent(run("members", env={"GOSSIP_RPC_ADDR": "", **{"SERF_RPC_ADDR": "/second.sock"}}),
                            "unix:///second.sock")

    @unittest.skipIf(os.path.exists("/run/gossipd/gossipd.sock"), "this machine has an agent of its own")
    def test_the_default_is_the_first_socket_that_exists(self):
        env = {"XDG_RUNTIME_DIR": self.folder.name}
        self.check_no_agent(run("members", env=env), "unix:///run/gossipd/gossipd.sock,", f"unix://{self.path} or")
        os.chmod(self.folder.name, 0o700)
        self.listen(then=lambda client: client.close())
        self.assertIn(f"what listens at unix://{self.path} is no agent", run("members", env=env).stderr)

    def test_a_mute_server_is_given_up(self):
        self.listen()
        done = run("members", "--rpc-addr", self.path, "--timeout", "50ms")
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        self.assertIn("did not answer in time", done.stderr)

    def test_ctrl_c_ends_the_wait(self):
        accepted = threading.Event()
        self.listen(then=lambda client: accepted.set())
        process = subprocess.Popen([GOSSIPCTL, "members", "--rpc-addr", self.path], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=environment())
        self.assertTrue(accepted.wait(LIMIT_S))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT_S)
        self.assertEqual((process.returncode, out, err), (4, "", "gossipctl: interrupted\n"))

    def test_a_server_that_speaks_something_else_is_no_agent(self):
        self.listen(then=lambda client: client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
        done = run("members", "--rpc-addr", self.path)
        self.assertEqual((done.returncode, done.stdout), (5, ""))
        self.assertIn("is not Serf's RPC protocol", done.stderr)

    def test_a_socket_of_others_is_explained(self):
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        os.chmod(self.folder.name, 0o711)
        self.listen()
        for mode, text in ((0o600 if other else 0o000, "rpc_group"), (0o660 if other else 0o060, "open to group")):
            os.chmod(self.path, mode)
            done = run("members", "--rpc-addr", self.path, **other)
            self.assertEqual((done.returncode, done.stdout), (5, ""))
            self.assertIn(f"not allowed to open unix://{self.path}", done.stderr)
            self.assertIn(text, done.stderr)

    def test_a_token_file_that_is_missing_or_empty_is_an_error(self):
        empty = os.path.join(self.folder.name, "token")
        pathlib.Path(empty).write_text("\n")
        for path in (empty, empty + ".none"):
            done = run("members", "--rpc-addr", self.path, "--rpc-auth-file", path)
            self.assertEqual(done.returncode, 1)
            self.assertIn(path, done.stderr)


class AgentTests:
    """What holds for any agent; the classes below say which."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.start("a", 1, "--tag", "role=web", "--tag", "dc=east", "--tag", "note=hello, world")
        self.start("b", 2, "--tag", "role=db")
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

    def row(self, name, number, status, tags):
        return f"{name}  {self.address(number)}:7946  {status}  {tags}".rstrip() + "\n"

    def test_members(self):
        a = self.row("a", 1, "alive", 'dc=east,note="hello, world",role=web')
        b = self.row("b", 2, "alive", "role=db")
        self.assertEqual(self.ok("members"), a + b)
        for flags, rows in ((["-name=a"], a), (["--role", "db"], b), (["-tag", "role=w.*", "-tag=dc=east"], a),
                            (["-name=a|b"], a + b), (["-name=|x"], ""), (["-name=aa|bb"], ""), (["-status=aliv"], ""),
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
        here, there = self.address(2), self.address(50)
        self.start("c", 3)
        self.assertEqual(self.ok("join", here, "-replay", f"{self.address(3)}:7946"),
                         "Successfully joined cluster by contacting 2 nodes.\n")
        done = self.ctl("join", here, there)
        self.assertEqual((done.returncode, done.stdout), (0, "Successfully joined cluster by contacting 1 nodes.\n"))
        self.assertIn("only 1 of 2 addresses", done.stderr)
        done = self.ctl("join", there, f"{self.address(51)}:99")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, rf"\Agossipctl: error joining the cluster: [^\n]*{there}[^\n]*\n"
                                      rf"gossipctl: error joining the cluster: [^\n]*{self.address(51)}[^\n]*\n\Z")

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
        self.assertEqual(self.ok("force-leave", "b", "-prune"), "")
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
        for flags, text in ((["--log-level=loud"], "Unknown log level: LOUD"),
                            (["--events=bogus"], "Invalid event filter")):
            done = self.ctl("monitor", *flags)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(text, done.stderr)

    def test_leave(self):
        self.assertEqual(self.ok("leave"), "Graceful leave complete\n")
        self.assertEqual(self.processes[0].wait(LIMIT_S), 0)
        self.assertEqual(self.ctl("leave").returncode, 5)

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
        for command in (["info"], ["members", "-name=a"]):
            serf = subprocess.run([SERF, *command, "-format=json", f"-rpc-addr={self.address(1)}:7373"],
                                  capture_output=True, text=True, timeout=LIMIT_S, check=True).stdout
            ours = self.ok(*command, "-format=json")
            if command == ["info"]:  # counters move between two calls
                serf, ours = ({k: v for k, v in json.loads(text).items() if k != "runtime"} for text in (serf, ours))
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
