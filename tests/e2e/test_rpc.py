"""gossipd's RPC port as its clients meet it: the socket file, who may ask, limits, bad bytes, the real serf.

The protocol's rules are tested without sockets in tests/unit; here is what needs them. Addresses: 127.0.43.0/24.
"""

import os
import pathlib
import random
import signal
import socket
import stat
import subprocess
import sys
import time
import unittest

from rpc_agent import BUILD, Client, LIMIT_S, RpcTest, pack

SERF = os.environ.get("GOSSIP_SERF", str(BUILD / "serf" / "usr" / "bin" / "serf"))
NOBODY = 65534
MAX_CLIENTS = 256


class SocketFileTest(RpcTest):
    def test_made_for_the_owner_alone_and_removed_at_the_end(self):
        agent = self.start(1)
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)
        self.assertEqual(self.end(agent), 0)
        self.assertFalse(os.path.exists(self.path))

    def test_mode_and_group_as_asked(self):
        self.start(2, "--rpc-mode", "0660", "--rpc-group", str(os.getegid()))
        found = os.stat(self.path)
        self.assertEqual((stat.S_IMODE(found.st_mode), found.st_gid), (0o660, os.getegid()))

    def test_never_taken_from_a_living_agent(self):
        self.start(3)
        client = Client(self.path)
        self.addCleanup(client.close)
        self.assertIn(f"--rpc-addr: another agent is listening on {self.path}",
                      self.refused_start(4, "--rpc-addr", self.path))
        self.assertEqual(client.ask_for_body("stats")["agent"]["name"], "g1")
        other = Client(self.path)
        self.addCleanup(other.close)
        self.assertEqual(other.handshake_error, "")

    def test_taken_over_from_a_dead_one(self):
        self.end(self.start(5), signal.SIGKILL)
        self.assertTrue(os.path.exists(self.path))
        self.start(5)

    def test_a_file_that_is_no_socket_is_left_alone(self):
        pathlib.Path(self.path).write_text("precious")
        self.assertIn("no socket has this name", self.refused_start(6, "--rpc-addr", self.path))
        self.assertEqual(pathlib.Path(self.path).read_text(), "precious")

    def test_another_agents_socket_at_our_place_is_not_removed(self):
        first = self.start(7)
        os.unlink(self.path)
        self.start(8)
        self.assertEqual(self.end(first), 0)
        Client(self.path).close()

    def test_what_cannot_be_listened_on_is_named_and_nothing_is_left(self):
        missing = os.path.join(self.folder, "no", "g.sock")
        self.assertIn(missing, self.refused_start(9, "--rpc-addr", missing))
        long = os.path.join(self.folder, "x" * 108)
        self.assertIn("the limit is 107", self.refused_start(9, "--rpc-addr", long))
        with socket.create_server(("127.0.43.9", 7373)):
            self.assertIn("127.0.43.9:7373 is in use",
                          self.refused_start(9, "--rpc-addr", self.path, "--rpc-addr", "127.0.43.9:7373"))
        self.assertFalse(os.path.exists(self.path))


@unittest.skipUnless(os.geteuid() == 0, "only root can ask as somebody else")
class PermissionTest(RpcTest):
    def ask_as_nobody(self):
        # A process of its own: a thread cannot change its user alone.
        code = ("import os, sys; sys.path.insert(0, sys.argv[1]); import rpc_agent; os.setgroups([]);"
                f"os.setgid({NOBODY}); os.setuid({NOBODY});"
                "client = rpc_agent.Client(sys.argv[2]); print(repr(client.handshake_error)); client.close()")
        done = subprocess.run([sys.executable, "-c", code, str(pathlib.Path(__file__).parent), self.path],
                              capture_output=True, text=True, timeout=LIMIT_S)
        return done.stdout.strip() or done.stderr

    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)

    def test_a_stranger_is_refused_in_the_first_answer_and_logged(self):
        self.start(11, "--rpc-mode", "0666")
        self.assertEqual(self.ask_as_nobody(), "'Permission denied'")
        self.assertIn(f"Permission denied: uid {NOBODY}", self.log())

    def test_a_named_user_or_group_may_ask(self):
        self.end(self.start(12, "--rpc-mode", "0666", "--rpc-uid", str(NOBODY)))
        self.start(12, "--rpc-mode", "0666", "--rpc-gid", str(NOBODY))
        self.assertEqual(self.ask_as_nobody(), "''")

    def test_the_sockets_group_may_ask(self):
        self.start(13, "--rpc-mode", "0660", "--rpc-group", str(NOBODY))
        self.assertEqual(self.ask_as_nobody(), "''")


class LimitTest(RpcTest):
    def memory_kb(self, process):
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    def stats(self):
        client = Client(self.path)
        self.addCleanup(client.close)
        return client.ask_for_body("stats")

    def test_one_client_too_many_is_told_so(self):
        self.start(21)
        clients = [Client(self.path) for _ in range(MAX_CLIENTS)]
        for client in clients:
            self.addCleanup(client.close)
        late = Client(self.path)
        self.addCleanup(late.close)
        self.assertEqual(late.handshake_error, 
                         f"too many RPC clients, the limit is {MAX_CLIENTS} (rpc_max_clients)")
        self.assertTrue(late.at_end())
        self.assertEqual(clients[7].ask_for_body("join", {"Existing": []}), {"Num": 0})

    def test_the_limit_is_configured_and_who_gets_no_answer_is_logged(self):
        self.start(25, "--rpc-max-clients", "2")
        allowed = [Client(self.path) for _ in range(2)]
        told = [Client(self.path, handshake=False) for _ in range(32)]
        for client in allowed + told:
            self.addCleanup(client.close)
        self.assertNotIn("without an answer", self.log())
        untold = Client(self.path, handshake=False)
        self.addCleanup(untold.close)
        self.assertTrue(untold.at_end())
        self.assertIn("Closing further RPC clients without an answer: 34 are open", self.log())
        self.assertEqual(allowed[1].ask_for_body("join", {"Existing": []}), {"Num": 0})

    def test_who_does_not_authenticate_in_time_is_closed_on_tcp_only(self):
        config = os.path.join(self.folder, "rpc.json")
        pathlib.Path(config).write_text('{"rpc_auth": "s3cret"}')
        self.start(22, "--rpc-addr", "127.0.43.22:7373", "--config-file", config)
        mute = Client(("127.0.43.22", 7373))
        keyed = Client(("127.0.43.22", 7373))
        local = Client(self.path)
        for client in (mute, keyed, local):
            self.addCleanup(client.close)
        self.assertEqual(keyed.ask("auth", {"AuthKey": "s3cret"}), "")
        self.assertTrue(mute.at_end())
        self.assertEqual(keyed.ask_for_body("stats")["agent"]["name"], "g1")
        self.assertEqual(local.ask("stats"), "Authentication required")

    def test_random_bytes_and_false_lengths_cost_nothing_and_disturb_nobody(self):
        # Under ASan freed blocks are kept back, which would count as growth.
        kept_back = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1:thread_local_quarantine_size_kb=16"
        agent = self.start(23, env={"ASAN_OPTIONS": kept_back})
        neighbour = Client(self.path)
        self.addCleanup(neighbour.close)
        neighbour.ask_for_body("members")
        seeded = random.Random(43)
        good = (pack({"Command": "handshake", "Seq": 1}) + pack({"Version": 1}) +
                pack({"Command": "stream", "Seq": 2}) + pack({"Type": "user"}) + pack({"Command": "stats", "Seq": 3}))
        before = 0
        for round_number in range(800):
            if round_number == 400:  # what is made once and kept is there
                before = self.memory_kb(agent)
            client = Client(self.path, handshake=False)
            if round_number % 4 == 0:
                client.socket.sendall(b"\xdf\x80\x00\x00\x00" + seeded.randbytes(2000))
            elif round_number % 4 == 1:
                client.socket.sendall(seeded.randbytes(2000))
            else:
                bent = bytearray(good)
                for _ in range(seeded.randint(1, 5)):
                    bent[seeded.randrange(len(bent))] = seeded.randrange(256)
                client.socket.sendall(bent)
            client.socket.shutdown(socket.SHUT_WR)
            self.assertTrue(client.at_end())
            client.close()
        self.assertEqual(len(neighbour.ask_for_body("members")["Members"]), 1)
        self.assertGreater(int(self.stats()["rpc"]["broken_streams"]), 200)
        self.assertLess(self.memory_kb(agent) - before, 4096)

    def test_a_client_that_does_not_read_loses_events_but_not_its_answer(self):
        self.start(24)
        slow = Client(self.path)
        busy = Client(self.path)
        self.addCleanup(slow.close)
        self.addCleanup(busy.close)
        self.assertEqual(slow.ask("stream", {"Type": "member-update", "Coalesce": False}), "")
        asked = slow.send("stats")
        updates = 0
        while int(self.stats_of(busy)["rpc"]["records_dropped"]) == 0:
            for _ in range(100):
                self.assertEqual(busy.ask("tags", {"Tags": {"t": f"{updates:x<400}"}}), "")
                updates += 1
            self.assertLess(updates, 20000)
        self.assertIn("Dropping events and logs to", self.log())

        records = 0
        answered = False
        slow.send("force-leave", {"Node": "nobody"})
        while True:
            header = slow.next()
            if header["Seq"] == asked:
                slow.next()
                answered = True
            elif header["Seq"] == 2:
                slow.next()
                records += 1
            else:
                break
        self.assertTrue(answered)
        self.assertGreater(records, 100)
        self.assertLess(records, updates)

    @staticmethod
    def stats_of(client):
        return client.ask_for_body("stats")


class EndTest(RpcTest):
    def test_the_last_words_arrive_though_the_client_goes_on_talking(self):
        self.start(31)
        client = Client(self.path)
        self.addCleanup(client.close)
        client.send("frobnicate")
        client.socket.sendall(b"x" * 100000)
        self.assertEqual(client.next()["Error"], "Unsupported command")
        self.assertTrue(client.at_end())

    def test_what_was_asked_before_a_half_close_is_answered(self):
        self.start(32)
        client = Client(self.path)
        self.addCleanup(client.close)
        for _ in range(5):
            client.send("members")
        client.socket.shutdown(socket.SHUT_WR)
        for _ in range(5):
            self.assertEqual(client.next()["Error"], "")
            self.assertEqual(len(client.next()["Members"]), 1)
        self.assertTrue(client.at_end())

    def test_a_leave_is_seen_by_others_answered_and_ends_the_agent(self):
        agent = self.start(33)
        watcher = Client(self.path)
        leaver = Client(self.path)
        self.addCleanup(watcher.close)
        self.addCleanup(leaver.close)
        self.assertEqual(watcher.ask("stream", {"Type": "member-leave"}), "")
        self.assertEqual(leaver.ask("leave"), "")
        self.assertTrue(leaver.at_end())
        self.assertEqual(watcher.next()["Seq"], 2)
        event = watcher.next()
        self.assertEqual((event["Event"], event["Members"][0]["Status"]), ("member-leave", "left"))
        self.assertTrue(watcher.at_end())
        self.assertEqual(agent.wait(timeout=LIMIT_S), 0)
        self.assertFalse(os.path.exists(self.path))


class RealSerfTest(RpcTest):
    """Serf's own client against our TCP port."""

    RPC = "127.0.43.41:7373"

    def serf(self, command, *args, status=0):
        done = subprocess.run([SERF, command, f"-rpc-addr={self.RPC}", *args], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT_S)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_join_errors_and_monitor_in_the_words_of_serfs_client(self):
        agent = self.start(41, "--rpc-addr", self.RPC, "--log-level", "debug")
        other = subprocess.Popen(
            self.command(44, "--rpc-addr", f"{self.path}.other", "--join", "127.0.43.41", name="g2"),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.end, other)
        while "g2" not in self.serf("members"):
            self.assertIsNone(other.poll())
            time.sleep(0.02)
        self.assertRegex(self.serf("members", "-detailed"), r"\Ag1 +127\.0\.43\.41:7946 +alive")
        self.assertIn("Failed to compile regex", self.serf("members", "-name=(", status=1))
        self.assertIn("Successfully updated", self.serf("tags", "-set", "role=web", "-set", "dc=east"))
        # The client prints tags in an order of its own, another one each time.
        self.assertRegex(self.serf("members", "-status=alive", "-tag", "role=w.*", "-name=g1"),
                         r"\Ag1 .* (dc=east,role=web|role=web,dc=east)\n\Z")
        self.serf("tags", "-delete", "dc")
        self.assertIn("Encoded length of tags exceeds limit of 512 bytes",
                      self.serf("tags", "-set", "big=" + "x" * 600, status=1))
        self.assertNotIn("dc=", self.serf("members"))
        self.assertIn("Successfully joined cluster by contacting 1 nodes", self.serf("join", "g2/127.0.43.44"))
        refused = self.serf("join", "127.0.43.42", "127.0.43.41:99999", status=1)
        self.assertIn("2 errors occurred:\n\t* Failed to ", refused)
        self.assertIn("\t* Failed to join 127.0.43.42: 127.0.43.42:7946: connection refused\n", refused)
        self.assertIn("\t* Failed to resolve 127.0.43.41:99999: ", refused)
        self.serf("force-leave", "nobody")
        self.assertRegex(self.serf("info"), r"(?s)agent:\n\tname = g1\n.*serf:\n.*\tmembers = 2\n.*tags:\n\trole = web")
        self.assertIn("Unknown log level", self.serf("monitor", "-log-level=loud", status=1))
        self.assertIn("Event 'deploy' dispatched", self.serf("event", "deploy"))

        monitor = subprocess.Popen([SERF, "monitor", f"-rpc-addr={self.RPC}", "-log-level=debug"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end, monitor)
        self.addCleanup(monitor.stdout.close)
        line = ""
        while "agent: joining: [127.0.43.42 127.0.43.41:99999]" not in line:
            line = monitor.stdout.readline()
            self.assertRegex(line, r"\A\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[(DEBUG|INFO|WARN|ERR)\] \w")
        self.assertIn("Graceful leave complete", self.serf("leave"))
        self.assertEqual(agent.wait(timeout=LIMIT_S), 0)


if __name__ == "__main__":
    unittest.main()
