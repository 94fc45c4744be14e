"""gossipd and signals: which end it, how, and with which exit code.

Addresses: 127.0.45.20 to .39.
"""

import os
import signal
import socket
import subprocess
import unittest

from gossipd_agent import AgentTest, GOSSIPD, LIMIT_S, environment, wait_until


class SignalTest(AgentTest):
    def pair(self, ip, *flags):
        """An agent with flags, and one that watches it."""
        watcher = self.start("watcher", f"--bind=127.0.45.{ip}")
        agent = self.start("one", f"--bind=127.0.45.{ip + 1}", f"--join=127.0.45.{ip}", *flags)
        wait_until("they see each other", lambda: self.status("watcher", "one") == "alive")
        return watcher, agent

    def test_interrupt_leaves(self):
        _, agent = self.pair(20)
        agent.send_signal(signal.SIGINT)
        self.assertEqual(agent.wait(LIMIT_S), 0)
        wait_until("one has left", lambda: self.status("watcher", "one") == "left")
        self.assertIn("==> Caught signal: interrupt\n==> Gracefully shutting down agent...\n", self.log("one"))

    def test_a_leave_beside_a_frozen_peer_is_still_one(self):
        """Serf's agent gives up after 3 s, and ends with 1."""
        watcher, agent = self.pair(35)
        watcher.send_signal(signal.SIGSTOP)
        agent.send_signal(signal.SIGINT)
        self.assertEqual(agent.wait(LIMIT_S), 0)
        watcher.send_signal(signal.SIGCONT)
        wait_until("one has left", lambda: self.status("watcher", "one") == "left")

    def test_a_second_signal_ends_at_once(self):
        script = (f"echo > {self.path('begun')}; while [ ! -e {self.path('go')} ]; do sleep 0.05; done; sleep 1; "
                  f"echo > {self.path('over')}")
        watcher, agent = self.pair(22, f"--event-handler=member-join={script}")
        wait_until("a handler runs", lambda: os.path.exists(self.path("begun")))
        watcher.send_signal(signal.SIGSTOP)  # nobody takes the good-bye, so the leave lasts
        agent.send_signal(signal.SIGINT)
        self.logged("one", "requesting graceful leave")
        agent.send_signal(signal.SIGINT)
        self.logged("one", "stopping without waiting for the leave")
        self.write("go", "")
        self.assertEqual(agent.wait(LIMIT_S), 1)
        self.assertFalse(os.path.exists(self.path("over")), "the handler was waited for")

    def test_terminate_ends_without_a_word(self):
        _, agent = self.pair(24)
        agent.terminate()
        self.assertEqual(agent.wait(LIMIT_S), 0)
        self.assertIn("[WARN] serf: Shutdown without a Leave", self.log("one"))
        wait_until("one has failed", lambda: self.status("watcher", "one") == "failed")

    def test_terminate_leaves_where_that_is_asked_for(self):
        _, agent = self.pair(26, "--leave-on-terminate")
        agent.terminate()
        self.assertEqual(agent.wait(LIMIT_S), 0)
        wait_until("one has left", lambda: self.status("watcher", "one") == "left")

    def test_interrupt_ends_at_once_where_that_is_asked_for(self):
        agent = self.start("one", "--bind=127.0.45.28", "--skip-leave-on-interrupt")
        agent.send_signal(signal.SIGINT)
        self.assertEqual(agent.wait(LIMIT_S), 0)
        self.assertNotIn("graceful leave", self.log("one"))

    def test_a_client_can_make_it_leave(self):
        _, agent = self.pair(30)
        self.assertEqual(self.ctl("one", "leave").returncode, 0)
        self.assertEqual(agent.wait(LIMIT_S), 0)
        wait_until("one has left", lambda: self.status("watcher", "one") == "left")

    def test_a_leave_ends_the_retries(self):
        """The last attempt permitted is under way when the leave begins, and fails."""
        with socket.socket() as seed:
            seed.settimeout(LIMIT_S)
            seed.bind(("127.0.45.33", 7946))
            seed.listen()
            agent = self.begin("one", "--bind=127.0.45.34", "--retry-join=127.0.45.33", "--retry-max=1",
                               "--retry-interval=1s")
            seed.accept()[0].close()
            last = seed.accept()[0]
            agent.send_signal(signal.SIGINT)
            self.logged("one", "requesting graceful leave")
            self.assertIsNone(agent.poll())
            last.close()
            self.assertEqual(agent.wait(LIMIT_S), 0, self.log("one"))
        self.assertNotIn("maximum retry join attempts", self.log("one"))

    def test_user_signals_change_nothing(self):
        agent = self.start("one", "--bind=127.0.45.32")
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGPIPE):
            agent.send_signal(number)
        self.logged("one", "ignored signal: user defined signal 2")
        self.assertEqual(self.ctl("one", "info").returncode, 0)

    def test_user_signal_1_prints_the_counters_on_stderr(self):
        agent = subprocess.Popen([GOSSIPD, "--bind=127.0.45.32", "--rpc-addr", self.path("one.sock"),
                                  "--log-output=stdout"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True, env=environment())
        self.addCleanup(agent.stderr.close)
        self.agents.append(agent)
        wait_until("the agent runs", lambda: self.ctl("one", "info").returncode == 0)
        agent.send_signal(signal.SIGUSR1)
        self.assertRegex(agent.stderr.readline(),
                         r"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC\]\[C\] 'serf-agent\.[a-z._]+': Count: \d+ Sum: ")
        agent.terminate()
        self.assertIn("'serf-agent.memberlist.tcp.accept': Count: 0 Sum: 0.000", agent.stderr.read())
        self.assertEqual(agent.wait(LIMIT_S), 0)


if __name__ == "__main__":
    unittest.main()
