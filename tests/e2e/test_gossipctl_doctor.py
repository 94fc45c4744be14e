"""`gossipctl doctor` and `gossipctl top` with real agents: healthy ones, dead and frozen ones, strangers with another
key, and a link that works one way.
"""

import fcntl
import json
import os
import pty
import resource
import select
import signal
import socket
import struct
import subprocess
import termios
import unittest

from fake_agent import FakeAgent, member
from gossipd_agent import GOSSIPCTL, GOSSIPD, LIMIT_S, AgentTest, environment, wait_until
from seed_network import Network


def read_to_the_end(terminal):
    """What comes until the other end is closed: one read may give less than there is."""
    seen = b""
    try:
        while select.select([terminal], [], [], LIMIT_S)[0] and (chunk := os.read(terminal, 4096)):
            seen += chunk
    except OSError:
        pass  # so Linux tells that it is closed
    return seen


class DoctorTest(AgentTest):
    def cluster(self, network, count, *flags):
        for number in range(1, count + 1):
            contact = [f"--join={network}.1"] if number > 1 else []
            self.start("abc"[number - 1], f"--bind={network}.{number}", *contact, *flags)
        names = "abc"[:count]
        for name in names:
            wait_until(f"{name} sees all", lambda n=name: all(self.status(n, of) == "alive" for of in names))

    def findings(self, name, ctl=None):
        done = (ctl or self.ctl)(name, "doctor", "--format=json")
        told = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0 if told["healthy"] else 1, done.stdout + done.stderr)
        return {(finding["kind"], finding["member"]) for finding in told["findings"]}

    def test_healthy(self):
        # A profile in which a machine that stands still for a second is no trouble.
        self.cluster("127.0.90", 2, "--profile=wan")
        done = self.ctl("a", "doctor")
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, "Nothing found: 2 members, 2 of them alive\n", ""))

    def test_dead(self):
        self.cluster("127.0.94", 2, "--profile=local")
        self.agents[1].kill()
        wait_until("it is failed", lambda: self.status("a", "b") == "failed")
        done = self.ctl("a", "doctor")
        self.assertEqual(done.returncode, 1)
        self.assertIn("failed: b (127.0.94.2:7946) has failed. Start it, or forget it with 'gossipctl force-leave'.\n",
                      done.stdout)

    def test_frozen_member_does_not_answer_over_udp(self):
        # With this profile a frozen member counts as alive for long enough.
        self.cluster("127.0.91", 3, "--profile=wan")
        self.agents[2].send_signal(signal.SIGSTOP)
        self.addCleanup(self.agents[2].send_signal, signal.SIGCONT)
        found = self.findings("a")
        self.assertIn(("udp", "c"), found)
        self.assertNotIn(("tcp", "c"), found)  # its kernel takes connections
        self.assertNotIn(("udp", "b"), found)

    def test_stranger_with_another_key_is_told(self):
        keys = [subprocess.run([GOSSIPCTL, "keygen"], capture_output=True, text=True, check=True).stdout.strip()
                for _ in range(2)]
        self.start("a", "--bind=127.0.92.1", "--profile=local", f"--encrypt={keys[0]}")
        self.start("b", "--bind=127.0.92.2", "--profile=local", f"--encrypt={keys[1]}")
        self.assertEqual(self.findings("a"), set())
        self.ctl("b", "join", "127.0.92.1")
        wait_until("it is noticed", lambda: "cannot be decrypted" in self.log("a"))
        done = self.ctl("a", "doctor")
        self.assertRegex(done.stdout, r"^input: input from 127\.0\.92\.2 was dropped: cannot be decrypted.* \(reported "
                                      r"once lately, \d+s ago\)\. Either side may lack the other's key")

    def test_without_a_key_a_cluster_that_has_one_is_told(self):
        key = subprocess.run([GOSSIPCTL, "keygen"], capture_output=True, text=True, check=True).stdout.strip()
        self.start("a", "--bind=127.0.92.3", "--profile=local")
        self.start("b", "--bind=127.0.92.4", "--profile=local", f"--encrypt={key}")
        self.ctl("b", "join", "127.0.92.3")
        wait_until("it is noticed", lambda: "is encrypted, and this node has no encryption key" in self.log("a"))
        self.ctl("b", "join", "127.0.92.3")
        done = self.ctl("a", "doctor")
        self.assertEqual(done.stdout.count("input: "), 1)
        self.assertRegex(done.stdout, r"has no encryption key \(.*\)\. Give this agent that cluster's keyring")

    def test_a_snapshot_that_cannot_be_written_is_told(self):
        a = self.start("a", "--bind=127.0.92.5", "--profile=wan", f"--snapshot={self.path('a.snap')}")
        self.assertEqual(self.findings("a"), set())
        resource.prlimit(a.pid, resource.RLIMIT_FSIZE, (1, 1))  # as on a full disk
        self.start("b", "--bind=127.0.92.6", "--profile=wan", "--join=127.0.92.5")
        wait_until("it is found", lambda: ("snapshot", "a") in self.findings("a"))
        told = self.ctl("a", "stats", "--format=json").stdout
        failed = {m["name"]: m["samples"][0]["value"] for m in json.loads(told)["metrics"] if "snapshot" in m["name"]}
        self.assertEqual(failed["gossipd_snapshot_failing"], 1)
        self.assertGreaterEqual(failed["gossipd_snapshot_failures_total"], 1)

    def test_link_that_works_one_way(self):
        network = Network(self.folder)
        self.addCleanup(network.close)
        # What c sends to a never arrives; all else does. The table of local addresses has to be asked later for that.
        network.run("ip", "rule", "add", "pref", "100", "lookup", "local")
        network.run("ip", "rule", "del", "pref", "0")
        for number, name in enumerate("abc", 1):
            contact = ["--join=127.0.0.1"] if number > 1 else []
            with open(self.path(name + ".log"), "wb") as log:
                self.agents.append(subprocess.Popen(
                    [*network.enter, GOSSIPD, f"--node={name}", f"--bind=127.0.0.{number}", "--profile=lan",
                     f"--rpc-addr={self.path(name + '.sock')}", *contact],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment()))
            wait_until(f"{name} runs", lambda: self.ctl(name, "info").returncode == 0)
        wait_until("a sees all", lambda: all(self.status("a", of) == "alive" for of in "abc"))
        network.run("ip", "rule", "add", "pref", "10", "from", "127.0.0.3", "to", "127.0.0.1", "blackhole")

        def inside(name, *words):
            return subprocess.run([*network.enter, GOSSIPCTL, *words, "--rpc-addr", self.path(name + ".sock")],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S,
                                  env=environment())

        found = wait_until("a knows it only through b",
                           lambda: (seen if ("one-way", "c") in (seen := self.findings("a", inside)) else None))
        self.assertIn(("tcp", "c"), found)
        self.assertNotIn(("tcp", "b"), found)


class PatienceTest(unittest.TestCase):
    """A member whose host does not answer to connections at all."""

    def setUp(self):
        # Whoever knocks at a listener that is full hears nothing.
        mute = socket.socket()
        mute.bind(("127.0.41.252", 0))
        mute.listen(0)
        self.addCleanup(mute.close)
        for _ in range(3):
            knock = socket.socket()
            knock.setblocking(False)
            knock.connect_ex(mute.getsockname())
            self.addCleanup(knock.close)
        members = [member(name, "127.0.41.252:%d" % mute.getsockname()[1], "alive", {}) for name in "ab"]
        self.agent = FakeAgent({
            "monitor": lambda _: ("", None, []), "stop": lambda _: ("", None, []),
            "stats": lambda _: ("", {"agent": {"name": "a"}, "serf": {"encrypted": "false"}}, []),
            "members": lambda _: ("", {"Members": members}, []), "query": lambda _: ("", None, [])})
        self.addCleanup(self.agent.close)

    def doctor(self, *flags):
        return subprocess.Popen([GOSSIPCTL, "doctor", *flags], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True,
                                env=environment() | {"GOSSIP_RPC_ADDR": self.agent.address})

    def commands(self):
        return [command for command, _ in self.agent.requests]

    def test_the_time_limit_holds_for_connections_too(self):
        process = self.doctor("--timeout=1s")
        out, err = process.communicate(timeout=LIMIT_S)
        self.assertEqual((process.returncode, out), (4, ""))
        self.assertEqual(err, "gossipctl: error examining the cluster: not all links could be tried in time (--timeout)\n")

    def test_ctrl_c_ends_the_wait_for_connections(self):
        process = self.doctor()
        wait_until("it knows the members", lambda: "members" in self.commands())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT_S)
        self.assertEqual((process.returncode, out, err),
                         (4, "", "gossipctl: error examining the cluster: interrupted\n"))
        self.assertNotIn("query", self.commands())


class LargeClusterTest(unittest.TestCase):
    """Clusters that are too large to start, told by an agent that is none."""

    MEMBERS = [f"member-{number:03}.example.org" for number in range(200)]
    SILENT = MEMBERS[100:]

    def doctor(self, again):
        """`again` answers questions with a list of names. Returns the exit code, the findings and these lists."""
        lists = []

        def query(request):
            asked = request["FilterNodes"]
            if asked:
                lists.append(asked)
                return again(asked)
            return "", None, [ack(name) for name in self.MEMBERS if name not in self.SILENT] + [done]

        def ack(name):
            return {"Type": "ack", "From": name, "Payload": None}

        done = {"Type": "done", "From": "", "Payload": None}
        # Nobody listens at port 1: each link is refused at once.
        members = [member(name, "127.0.41.252:1", "alive", {}) for name in self.MEMBERS]
        agent = FakeAgent({
            "monitor": lambda _: ("", None, []), "stop": lambda _: ("", None, []), "query": query,
            "stats": lambda _: ("", {"agent": {"name": self.MEMBERS[0]}, "serf": {"encrypted": "false"}}, []),
            "members": lambda _: ("", {"Members": members}, [])})
        self.addCleanup(agent.close)
        shown = subprocess.run([GOSSIPCTL, "doctor", "--format=json"], capture_output=True, text=True, timeout=LIMIT_S,
                               env=environment() | {"GOSSIP_RPC_ADDR": agent.address}, check=False)
        self.assertEqual((shown.returncode, shown.stderr), (1, ""))
        found = [(finding["kind"], finding["member"]) for finding in json.loads(shown.stdout)["findings"]]
        return [one for one in found if one[0] != "tcp"], lists

    def test_the_silent_are_asked_again_in_lists_that_fit(self):
        found, lists = self.doctor(lambda names: (
            "", None, [{"Type": "ack", "From": names[0], "Payload": None}, {"Type": "done", "From": "", "Payload": None}]))
        self.assertEqual([name for names in lists for name in names], self.SILENT)
        self.assertTrue(all(len("".join(names)) < 512 for names in lists))
        self.assertEqual(found, [("one-way" if any(name == names[0] for names in lists) else "udp", name)
                                 for name in self.SILENT])

    def test_an_agent_that_refuses_to_ask_again(self):
        found, _ = self.doctor(lambda _: ("query exceeds limit of 300 bytes", None, []))
        self.assertEqual(found, [("query", "")] + [("udp", name) for name in self.SILENT])


class TopTest(AgentTest):
    def test_once(self):
        self.start("a", "--bind=127.0.93.1", "--profile=local", "--tag=role=db")
        done = self.ctl("a", "top", "--once")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout.splitlines(), [
            "a: 1 members, 1 alive, 0 leaving, 0 left, 0 failed; health 0", "",
            "NAME  ADDRESS          STATUS  RTT       TAGS",
            "a     127.0.93.1:7946  alive   0.000 ms  role=db"])
        shown = json.loads(self.ctl("a", "top", "--once", "--format=json").stdout)
        listed = json.loads(self.ctl("a", "members", "--near=a", "--format=json").stdout)["members"]
        self.assertEqual(shown, {"agent": "a", "health_score": 0, "alive": 1, "leaving": 0, "left": 0, "failed": 0,
                                 "members": listed})

    def test_once_is_as_wide_as_the_terminal(self):
        tags = [f"--tag=key{number}={'x' * 20}" for number in range(8)]
        self.start("a", "--bind=127.0.93.2", "--profile=local", *tags)
        reader, terminal = pty.openpty()
        self.addCleanup(os.close, reader)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 3, 50, 0, 0))
        subprocess.run([GOSSIPCTL, "top", "--once", "--rpc-addr", self.path("a.sock")], stdin=subprocess.DEVNULL,
                       stdout=terminal, timeout=LIMIT_S, check=True, env=environment())
        os.close(terminal)
        lines = read_to_the_end(reader).decode().splitlines()
        self.assertEqual(len(lines), 4, lines)  # all of it, whatever the height
        self.assertLessEqual(max(map(len, lines)), 50)
        self.assertTrue(lines[3].endswith("…"), lines)

    def test_distances_from_an_agent_far_down_the_list(self):
        names = [f"member-{number:03}" for number in range(250)]
        asked = []

        def place(request):
            asked.append(request["Node"])
            return "", {"Coord": {"Adjustment": 0.0, "Error": 1.0, "Height": 0.001, "Vec": [0.0] * 8}, "Ok": True}, []

        members = [member(name, "127.0.41.252:1", "failed" if name == names[240] else "alive", {}) for name in names]
        agent = FakeAgent({"stats": lambda _: ("", {"agent": {"name": names[-1]}}, []),
                           "members": lambda _: ("", {"Members": members}, []), "get-coordinate": place})
        self.addCleanup(agent.close)
        shown = subprocess.run([GOSSIPCTL, "top", "--once"], capture_output=True, text=True, timeout=LIMIT_S,
                               env=environment() | {"GOSSIP_RPC_ADDR": agent.address}, check=False)
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))
        # The agent, then those whom it shows first.
        self.assertEqual(asked, [names[-1], names[240], *names[:198]])
        rtts = {line.split()[0]: line.split()[3] for line in shown.stdout.splitlines()[3:]}
        self.assertEqual((rtts[names[-1]], rtts[names[0]], rtts[names[240]], rtts[names[248]]),
                         ("0.000", "2.000", "2.000", "-"))

    def top(self, name, out):
        process = subprocess.Popen([GOSSIPCTL, "top", "--interval=200ms", "--rpc-addr", self.path(name + ".sock")],
                                   stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment())
        self.agents.append(process)
        return process

    def test_plain_lines_where_nobody_looks(self):
        self.start("a", "--bind=127.0.93.2", "--profile=local")
        path = self.path("top.out")
        with open(path, "wb") as out:
            top = self.top("a", out)

        def said():
            with open(path) as seen:
                return seen.read()

        wait_until("it has begun", lambda: "STATUS" in said())
        self.ctl("a", "event", "deploy", "v1")
        wait_until("the event is shown", lambda: "[EVENT] user: deploy" in said())
        top.send_signal(signal.SIGINT)
        self.assertEqual(top.wait(LIMIT_S), 0)
        self.assertEqual(said().count("STATUS"), 1)
        self.assertNotIn("\x1b", said())

    def test_drawn_anew_on_a_terminal(self):
        self.start("a", "--bind=127.0.93.3", "--profile=local")
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        subprocess.run(["stty", "rows", "20", "cols", "60"], stdin=theirs, check=True)
        top = self.top("a", theirs)
        os.close(theirs)
        seen, sent = b"", False
        while seen.count(b"\x1b[H") < 3 or b"user: deploy" not in seen:
            if b"\x1b[H" in seen and not sent:
                sent = self.ctl("a", "event", "deploy", "v1").returncode == 0
            self.assertTrue(select.select([ours], [], [], LIMIT_S)[0], seen)
            seen += os.read(ours, 4096)
        top.send_signal(signal.SIGINT)
        read_to_the_end(ours)
        self.assertEqual(top.wait(LIMIT_S), 0)
        self.assertGreaterEqual(seen.count(b"STATUS"), 2)


if __name__ == "__main__":
    unittest.main()
