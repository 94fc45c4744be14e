"""gossipd under a service manager and as process 1: what it says on $NOTIFY_SOCKET, and how it ends.

Addresses: 127.0.52.1 to .59. No service manager is needed: a socket of the test's hears what one would hear.
"""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import unittest

from gossipd_agent import AgentTest, GOSSIPD, LIMIT_S, environment, wait_until


def children_of(process):
    return pathlib.Path(f"/proc/{process}/task/{process}/children").read_text()


class Manager:
    """The socket of a service manager, and all that was said on it."""

    def __init__(self, name):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + name[1:] if name.startswith("@") else name)
        self.socket.settimeout(LIMIT_S)
        self.name = name
        self.heard = []

    def close(self):
        self.socket.close()

    def next(self):
        lines = self.socket.recv(8192).decode().split("\n")
        self.heard += lines
        return lines

    def until(self, line):
        """Everything that is said up to the message with this line."""
        end = time.monotonic() + LIMIT_S
        said = []
        while time.monotonic() < end:
            said += self.next()
            if any(one.startswith(line) for one in said):
                return said
        raise AssertionError(f"{line} was not heard, but {self.heard}")


class ServiceTest(AgentTest):
    def manager(self, name=None):
        manager = Manager(name or self.path("notify.sock"))
        self.addCleanup(manager.close)
        return manager

    def supervised(self, manager, name, *flags, **more):
        return self.begin(name, *flags, env={"NOTIFY_SOCKET": manager.name, **more})

    def test_without_seeds_it_is_ready_once_started(self):
        manager = self.manager()
        self.supervised(manager, "one", "--bind=127.0.52.1")
        self.assertEqual(manager.next(), ["READY=1", "STATUS=alive 1, failed 0, left 0"])
        self.assertEqual(self.ctl("one", "info").returncode, 0)

    def test_an_abstract_socket(self):
        manager = self.manager(f"@gossipd-test-{os.getpid()}")
        self.supervised(manager, "one", "--bind=127.0.52.2")
        self.assertEqual(manager.next()[0], "READY=1")

    def test_with_seeds_it_is_ready_when_it_has_joined(self):
        manager = self.manager()
        self.supervised(manager, "one", "--bind=127.0.52.3", "--retry-join=127.0.52.4", "--retry-interval=1s")
        said = manager.until("EXTEND_TIMEOUT_USEC=")
        self.assertIn("STATUS=waiting for another member; alive 1, failed 0, left 0", said)
        self.assertNotIn("READY=1", said)
        self.logged("one", "Join failed, retrying")
        self.start("two", "--bind=127.0.52.4")
        self.assertIn("STATUS=alive 2, failed 0, left 0", manager.until("READY=1"))

    def test_ready_when_so_many_members_are_there(self):
        manager = self.manager()
        self.supervised(manager, "one", "--bind=127.0.52.5", "--ready-when=members>=3")
        self.assertIn("STATUS=waiting for 3 members; alive 1, failed 0, left 0", manager.until("STATUS="))
        self.start("two", "--bind=127.0.52.6", "--join=127.0.52.5")
        said = manager.until("STATUS=waiting for 3 members; alive 2, failed 0, left 0")
        self.start("three", "--bind=127.0.52.7", "--join=127.0.52.5")
        said += manager.until("STATUS=alive 3, failed 0, left 0")
        self.assertEqual(said.count("READY=1"), 1)

    def test_ready_when_started_in_spite_of_seeds(self):
        manager = self.manager()
        self.supervised(manager, "one", "--bind=127.0.52.8", "--retry-join=127.0.52.9", "--ready-when=started")
        self.assertEqual(manager.next()[0], "READY=1")

    def test_the_status_follows_the_members(self):
        manager = self.manager()
        self.supervised(manager, "one", "--bind=127.0.52.10")
        manager.until("READY=1")
        two = self.start("two", "--bind=127.0.52.11", "--join=127.0.52.10")
        manager.until("STATUS=alive 2, failed 0, left 0")
        two.send_signal(signal.SIGINT)
        manager.until("STATUS=alive 1, failed 0, left 1")

    def test_a_reload_is_announced_and_ended(self):
        manager = self.manager()
        one = self.supervised(manager, "one", "--bind=127.0.52.12")
        manager.until("READY=1")
        before = time.monotonic()
        one.send_signal(signal.SIGHUP)
        begun = manager.next()
        self.assertEqual(begun[0], "RELOADING=1")
        self.assertGreaterEqual(int(begun[1].removeprefix("MONOTONIC_USEC=")), int(before * 1e6))
        self.assertEqual(manager.next(), ["READY=1"])

    def test_a_stop_is_announced_with_the_time_it_may_take(self):
        manager = self.manager()
        self.start("two", "--bind=127.0.52.13")
        one = self.supervised(manager, "one", "--bind=127.0.52.14", "--join=127.0.52.13",
                              "--broadcast-timeout=7s")
        manager.until("READY=1")
        one.terminate()
        said = manager.until("STOPPING=1")
        self.assertIn("STATUS=leaving the cluster", said)
        self.assertIn("EXTEND_TIMEOUT_USEC=18000000", said)
        self.assertEqual(one.wait(LIMIT_S), 0)
        self.assertIn("STATUS=stopping", manager.until("STATUS=stopping"))

    def test_a_watchdog_hears_signs_of_life_while_the_loop_turns(self):
        manager = self.manager()
        one = self.supervised(manager, "one", "--bind=127.0.52.15", WATCHDOG_USEC="200000")
        for _ in range(3):
            manager.until("WATCHDOG=1")
        one.send_signal(signal.SIGSTOP)
        manager.socket.settimeout(1)
        with self.assertRaises(TimeoutError):
            while True:
                manager.next()
        manager.socket.settimeout(LIMIT_S)
        one.send_signal(signal.SIGCONT)
        manager.until("WATCHDOG=1")

    def test_a_watchdog_of_another_process_hears_nothing(self):
        manager = self.manager()
        one = self.supervised(manager, "one", "--bind=127.0.52.16", WATCHDOG_USEC="200000", WATCHDOG_PID="1")
        manager.until("READY=1")
        manager.socket.settimeout(0.5)
        with self.assertRaises(TimeoutError):
            manager.next()
        self.assertIsNone(one.poll())

    def test_handlers_do_not_speak_for_the_agent(self):
        manager = self.manager()
        self.supervised(manager, "one", "--bind=127.0.52.17", f"--event-handler=user:look=env >{self.path('env')}",
                        WATCHDOG_USEC="60000000", WATCHDOG_PID="")
        manager.until("READY=1")
        self.assertEqual(self.ctl("one", "event", "look").returncode, 0)
        seen = self.folder / "env"
        wait_until("the handler has run", lambda: seen.exists() and "SERF_EVENT" in seen.read_text())
        self.assertNotRegex(seen.read_text(), "(?m)^(NOTIFY_SOCKET|WATCHDOG_)")

    def test_a_manager_that_is_gone_does_no_harm(self):
        manager = self.manager()
        one = self.supervised(manager, "one", "--bind=127.0.52.18")
        manager.until("READY=1")
        manager.close()
        one.send_signal(signal.SIGHUP)
        self.logged("one", "Reloading configuration")
        self.assertEqual(self.ctl("one", "info").returncode, 0)
        one.send_signal(signal.SIGHUP)
        wait_until("it reloads again", lambda: self.log("one").count("Reloading configuration") == 2)
        self.assertEqual(self.log("one").count("cannot tell the service manager"), 1)
        one.terminate()
        self.assertEqual(one.wait(LIMIT_S), 0)

    def test_a_manager_that_comes_later_hears_that_it_is_ready(self):
        name = self.path("notify.sock")
        self.begin("one", "--bind=127.0.52.21", env={"NOTIFY_SOCKET": name})
        self.logged("one", "cannot tell the service manager how we are (NOTIFY_SOCKET): No such file or directory")
        manager = self.manager(name)
        self.assertEqual(manager.next(), ["READY=1", "STATUS=alive 1, failed 0, left 0"])
        self.logged("one", "the service manager hears us again")

    def test_a_reload_that_fails_stands_in_the_status_until_one_goes_well(self):
        manager = self.manager()
        file = self.write("one.toml", "")
        one = self.supervised(manager, "one", "--bind=127.0.52.22", "--config-file", file)
        manager.until("READY=1")
        self.write("one.toml", "bogus = 1\n")
        one.send_signal(signal.SIGHUP)
        said = manager.until("STATUS=")
        self.assertIn("READY=1", said)
        self.assertEqual(said[-1], f'STATUS=reload failed: {file}:1:1: unknown key "bogus"; alive 1, failed 0, left 0')
        self.write("one.toml", 'event_handlers = ["a,b=c"]\n')
        one.send_signal(signal.SIGHUP)
        self.assertIn(f"STATUS=reload failed: {file}:1:19: event_handlers: ",
                      manager.until("STATUS=")[-1])
        self.write("one.toml", "")
        one.send_signal(signal.SIGHUP)
        self.assertEqual(manager.until("STATUS=")[-1], "STATUS=alive 1, failed 0, left 0")

    def test_a_manager_that_does_not_listen_is_told_later(self):
        manager = self.manager()
        one = self.supervised(manager, "one", "--bind=127.0.52.19")
        manager.until("READY=1")
        with open("/proc/sys/net/unix/max_dgram_qlen") as limit:
            count = int(limit.read()) * 2 + 4
        for number in range(count):  # nobody takes them from the socket meanwhile
            one.send_signal(signal.SIGHUP)
            wait_until("it reloads", lambda: self.log("one").count("Reloading") > number)
        self.assertEqual(self.ctl("one", "info").returncode, 0)
        manager.until("READY=1")
        one.terminate()
        manager.until("STOPPING=1")

    def test_a_socket_name_that_is_none(self):
        done = subprocess.run([GOSSIPD, "--bind=127.0.52.20", "--rpc-addr", self.path("x.sock")],
                              env=environment(NOTIFY_SOCKET="vsock:2:1"), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT_S)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, 'gossipd: NOTIFY_SOCKET: "vsock:2:1" is not the name of a Unix socket\n')


class FirstProcessTest(AgentTest):
    """Process 1 of a PID namespace, as in a container."""

    def setUp(self):
        super().setUp()
        unshare = shutil.which("unshare")
        works = unshare and subprocess.run([unshare, "--pid", "--fork", "--mount-proc", "true"],
                                           capture_output=True).returncode == 0
        if not works:
            self.skipTest("no PID namespace can be made here: root is needed, or a kernel that allows it")

    def begin_first(self, name, *flags, env=None):
        with open(self.path(name + ".log"), "wb") as log:
            outer = subprocess.Popen(["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", GOSSIPD,
                                      "--node", name, "--rpc-addr", self.path(name + ".sock"), *flags],
                                     stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment(**(env or {})))
        self.agents.append(outer)
        wait_until(f"{name} runs", lambda: outer.poll() is not None or self.ctl(name, "info").returncode == 0)
        self.assertIsNone(outer.poll(), self.log(name))
        return outer, int(children_of(outer.pid))

    def test_it_leaves_on_terminate(self):
        self.start("two", "--bind=127.0.52.31")
        outer, first = self.begin_first("one", "--bind=127.0.52.32", "--join=127.0.52.31")
        wait_until("two sees one", lambda: self.status("two", "one") == "alive")
        os.kill(first, signal.SIGTERM)
        self.assertEqual(outer.wait(LIMIT_S), 0, self.log("one"))
        wait_until("one has left", lambda: self.status("two", "one") == "left")

    def test_unless_it_is_told_otherwise(self):
        outer, first = self.begin_first("one", "--bind=127.0.52.33", env={"GOSSIP_LEAVE_ON_TERMINATE": "false"})
        os.kill(first, signal.SIGTERM)
        self.assertEqual(outer.wait(LIMIT_S), 0)
        self.assertIn("Shutdown without a Leave", self.log("one"))

    def test_it_reaps_what_others_leave_behind(self):
        """A handler over its time limit is killed with all its group, whose ends only process 1 can take."""
        _, first = self.begin_first("one", "--bind=127.0.52.34", "--handler-timeout=1s",
                                    "--event-handler=user:slow=sleep 600 & sleep 600 & wait",
                                    "--event-handler=user:quick=true")
        self.assertEqual(self.ctl("one", "event", "slow").returncode, 0)
        self.logged("one", "Error invoking script")
        self.assertEqual(self.ctl("one", "event", "quick").returncode, 0)
        wait_until("no child is left", lambda: children_of(first) == "")
        self.assertEqual(self.ctl("one", "info").returncode, 0)


if __name__ == "__main__":
    unittest.main()
