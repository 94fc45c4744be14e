"""What gossipctl tells who has to wait: a line on a terminal, gone when the wait is over.

Addresses: 127.0.59.1 to .9.
"""

import os
import pty
import re
import signal
import subprocess
import threading
import unittest

from gossipd_agent import AgentTest, GOSSIPCTL, LIMIT_S, environment, wait_until

WIPED = "\r" + " " * 79 + "\r"


class Watched:
    """A gossipctl whose standard error is a terminal of 80 columns."""

    def __init__(self, socket, *words):
        self.leader, terminal = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen([GOSSIPCTL, words[0], "--rpc-addr", socket, *words[1:]],
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


if __name__ == "__main__":
    unittest.main()
