"""What gossipctl tells who has to wait: a line on a terminal, gone when the wait is over.

Addresses: 127.0.59.1 to .9.
"""

import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
import unittest

from gossipd_agent import AgentTest, GOSSIPCTL, LIMIT_S, environment, wait_until
from seed_network import SERVER, Network

WIPED = "\r" + " " * 79 + "\r"


class Watched:
    """A gossipctl whose standard error is a terminal of 80 columns."""

    def __init__(self, address, *words, enter=()):
        self.leader, terminal = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen([*enter, GOSSIPCTL, words[0], "--rpc-addr", address, *words[1:]],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=terminal, text=True,
                                        env=environment())
        os.close(terminal)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        while True:
            try:
                self.shown += os.read(self.leader, 4096).decode()
            except OSError:  # nobody has the terminal any more
                return

    def sees(self, pattern):
        wait_until(f"{pattern!r} on the terminal", lambda: re.search(pattern, self.shown))

    def end(self):
        printed, _ = self.process.communicate(timeout=LIMIT_S)
        self.reader.join(LIMIT_S)
        os.close(self.leader)
        return self.process.returncode, printed


class ProgressTest(AgentTest):
    def test_a_query_tells_how_many_have_answered(self):
        go = self.path("go")
        slow = f"query:slow=while [ ! -e {go} ]; do sleep 0.05; done; echo late"
        self.start("one", "--bind=127.0.59.1", "--event-handler", slow)
        self.start("two", "--bind=127.0.59.2", "--join=127.0.59.1", "--event-handler=query:slow=echo soon")
        watched = Watched(self.path("one.sock"), "query", "--timeout=30s", "--no-ack", "slow")
        piped = subprocess.Popen([GOSSIPCTL, "query", "--rpc-addr", self.path("one.sock"), "--timeout=30s", "slow"],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 env=environment())
        watched.sees(r"\rquery 'slow': 1 of 2 answered \(")
        self.write("go", "")
        code, printed = watched.end()
        self.assertEqual(code, 0)
        self.assertIn("Total Responses: 2\n", printed)
        self.assertTrue(watched.shown.endswith(WIPED), repr(watched.shown))
        self.assertEqual(piped.communicate(timeout=LIMIT_S)[1], "")

    def test_a_wait_tells_what_is_missing(self):
        self.start("one", "--bind=127.0.59.3")
        watched = Watched(self.path("one.sock"), "wait", "--count=2")
        watched.sees(r"\rwaiting: 1 member matches, not at least 2 \(\d+ s\) ")
        self.start("two", "--bind=127.0.59.4", "--join=127.0.59.3")
        self.assertEqual(watched.end(), (0, ""))
        self.assertTrue(watched.shown.endswith(WIPED), repr(watched.shown))

    def test_an_agent_that_hangs_is_waited_for_aloud(self):
        agent = self.start("one", "--bind=127.0.59.5")
        agent.send_signal(signal.SIGSTOP)
        watched = Watched(self.path("one.sock"), "members")
        watched.sees(r"\rwaiting for the agent \(\d+ s\) ")
        agent.send_signal(signal.SIGCONT)
        self.assertEqual(watched.end(), (0, "one  127.0.59.5:7946  alive\n"))
        self.assertTrue(watched.shown.endswith(WIPED), repr(watched.shown))


class ReachingTest(AgentTest):
    """Nobody answers, and Ctrl-C ends it."""

    def check_is_told(self, watched, pattern):
        watched.sees(pattern)
        watched.process.send_signal(signal.SIGINT)
        self.assertEqual(watched.end(), (4, ""))
        self.assertTrue(watched.shown.endswith(WIPED + "gossipctl: interrupted\r\n"), repr(watched.shown))

    def test_a_connection_that_does_not_open_is_waited_for_aloud(self):
        with socket.socket() as full, socket.socket() as first:
            full.bind(("127.0.59.6", 0))
            full.listen(0)
            first.connect(full.getsockname())  # there is no room for a second one
            address = "127.0.59.6:%d" % full.getsockname()[1]
            self.check_is_told(Watched(address, "members", "--timeout=60s"), rf"\rreaching the agent at {address}: connecting \(\d+ s\) ")

    def test_a_wait_for_an_agent_that_does_not_run_can_be_interrupted(self):
        path = self.path("nobody.sock")
        with socket.socket(socket.AF_UNIX) as ended:
            ended.bind(path)  # and nobody listens
        watched = Watched(path, "wait", "--timeout=0")
        watched.sees(r"gossipctl: waiting: no agent answers at ")
        watched.process.send_signal(signal.SIGINT)
        self.assertEqual(watched.end(), (4, ""))
        self.assertTrue(watched.shown.endswith("gossipctl: interrupted\r\n"), repr(watched.shown))

    def test_a_name_server_that_is_silent_is_waited_for_aloud(self):
        network = Network(self.folder)
        self.addCleanup(network.close)
        (self.folder / "etc" / "resolv.conf").write_text(f"nameserver {SERVER}\noptions timeout:30 attempts:1\n")
        mute = ("import socket, sys; server = socket.socket(type=socket.SOCK_DGRAM); "
                f"server.bind(('{SERVER}', 53)); print('ready', flush=True); sys.stdin.read()")
        server = subprocess.Popen([*network.enter, sys.executable, "-c", mute], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.communicate)
        self.assertEqual(server.stdout.readline(), "ready\n")
        self.check_is_told(Watched("db.test", "members", "--timeout=60s", enter=network.enter),
                           r"\rreaching the agent at db\.test:7373: looking up the name \(\d+ s\) ")
        done = subprocess.run([*network.enter, GOSSIPCTL, "members", "--rpc-addr=db.test", "--timeout=100ms"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S, env=environment())
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (4, "", "gossipctl: 'db.test' could not be looked up in time (--timeout)\n"))


if __name__ == "__main__":
    unittest.main()
