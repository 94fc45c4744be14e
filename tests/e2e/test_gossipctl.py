"""gossipctl as a script sees it without an agent, or with a bad one: output and exit codes.

Address: 127.0.41.250.
"""

import base64
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from fake_agent import FakeAgent, member
from gossipctl_run import GOSSIPCTL, LIMIT_S, environment, run

NOBODY = 65534


class CommandLineTest(unittest.TestCase):
    def test_help_is_data(self):
        for args in (["--help"], ["-h"], ["help"], ["members", "-help"], ["join", "x", "--help"]):
            done = run(*args)
            self.assertEqual((done.returncode, done.stderr), (0, ""), args)
            self.assertIn("Usage: gossipctl", done.stdout)
        self.assertIn("4 timed out, interrupted or\nincomplete; 5 no agent", run("--help").stdout)

    def test_usage_errors_end_with_2_and_say_where_help_is(self):
        for args in ([], ["bogus"], ["members", "extra"], ["members", "-nonsense"], ["join"], ["tags", "-set", "x"],
                     ["force-leave", "a", "b"], ["event", ""], ["query", "", "x"], ["keygen", "x"], ["info", "-format=xml"],
                     ["members", "--rpc-addr=host:port"]):
            done = run(*args)
            self.assertEqual((done.returncode, done.stdout), (2, ""), args)
            self.assertRegex(done.stderr, r"\Agossipctl: [^\n]+\n\Z", args)

    def test_keygen_makes_a_new_key_of_32_bytes_each_time(self):
        keys = [run("keygen").stdout for _ in range(2)]
        self.assertNotEqual(*keys)
        for key in keys:
            self.assertEqual(len(base64.b64decode(key.removesuffix("\n"), validate=True)), 32)
        self.assertEqual(len(json.loads(run("keygen", "-format=json").stdout)["key"]), 44)

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


class WidthTest(unittest.TestCase):
    def test_columns_are_those_of_a_terminal(self):
        rows = [member(name, "127.0.0.1:7946", "alive", {"k": value})
                for name, value in (("a", "xy"), ("b", "\u65e5\u672c"), ("c", "e\u0301"))]
        agent = FakeAgent({"members": lambda _: ("", {"Members": rows}, [])})
        self.addCleanup(agent.close)
        for language in ({}, {"LC_ALL": "C"}):
            shown = run("members", "-detailed", env={"GOSSIP_RPC_ADDR": agent.address, **language})
            self.assertEqual([line.split("Protocol")[0].split("alive")[1] for line in shown.stdout.splitlines()],
                             ["  k=xy    ", "  k=\u65e5\u672c  ", "  k=e\u0301     "])


class FullTimeTest(unittest.TestCase):
    """An agent that tells what it was asked: the full time is waited for only on request."""

    def test_wait(self):
        done = {"Type": "done", "From": "", "Payload": None}
        ack = {"Type": "ack", "From": "a", "Payload": None}
        agent = FakeAgent({"query": lambda _: ("", None, [ack, done]),
                           "members": lambda _: ("", {"Members": [member("a", "127.0.0.1:7946", "alive", {})]}, [])})
        self.addCleanup(agent.close)
        for flags, waits in (([], False), (["--wait"], True)):
            for command in (["query", "uptime"], ["reachability"]):
                agent.requests.clear()
                shown = run(*command, *flags, env={"GOSSIP_RPC_ADDR": agent.address})
                self.assertEqual((shown.returncode, shown.stderr), (0, ""))
                with agent.asked:  # the agent notes a request when it has answered
                    agent.asked.wait_for(lambda: any(name == "query" for name, _ in agent.requests), LIMIT_S)
                    asked = [request.get("Wait") for name, request in agent.requests if name == "query"]
                self.assertEqual(asked, [waits])


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

    def test_a_socket_may_be_named_from_where_one_stands(self):
        there = {"cwd": self.folder.name}
        for done in (run("members", "--rpc-addr=gossipd.sock", **there), run("members", "--rpc-addr=./gossipd.sock", **there),
                     run("members", env={"GOSSIP_RPC_ADDR": "gossipd.sock"}, **there)):
            self.check_no_agent(done, f"at unix://{self.path}:")
        other = os.path.join(self.folder.name, "agent")
        self.listen(other, then=lambda client: client.close())
        self.assertIn(f"what listens at unix://{other} is no agent", run("members", "--rpc-addr=agent", **there).stderr)

    def test_a_name_that_is_no_host_may_have_been_meant_as_a_path(self):
        def told(address):
            done = run("members", "--rpc-addr", address, env={"RES_OPTIONS": "timeout:1 attempts:1"})
            self.check_no_agent(done, "at no_such_host.invalid:")
            return done.stderr

        alone = told("no_such_host.invalid")
        with_port = told("no_such_host.invalid:80")
        self.assertNotIn("./", with_port)
        is_known = "not known)" in with_port or "hostname)" in with_port  # else no name server answers here
        self.assertEqual("; a socket in this folder is written ./no_such_host.invalid):" in alone, is_known, alone)

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

    def test_a_mute_server_is_given_up_soon_after_the_time_of_a_query(self):
        self.listen()
        begun = time.monotonic()
        done = run("query", "x", "--rpc-addr", self.path, "--timeout", "100ms")
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        self.assertIn("did not answer in time", done.stderr)
        self.assertLess(time.monotonic() - begun, 6)  # 2.1 s, on an idle machine

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


if __name__ == "__main__":
    unittest.main()
