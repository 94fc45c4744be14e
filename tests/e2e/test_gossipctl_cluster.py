"""gossipctl's commands that ask the whole cluster, against gossipd and against a real Serf (GOSSIP_SERF).

Addresses: 127.0.44.99 to .249.
"""

import base64
import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest

from gossipctl_agents import GOSSIPD, SERF, TwoAgents
from gossipctl_run import GOSSIPCTL, LIMIT_S, environment, run, wait_until
from rpc_agent import Client

KEY = base64.b64encode(bytes(32)).decode()


class Answerer(threading.Thread):
    """Answers one query on behalf of an agent, over RPC."""

    def __init__(self, host, name, answer):
        super().__init__(daemon=True)
        self.client = Client((host, 7373))
        assert self.client.ask("stream", {"Type": f"query:{name}"}) == ""
        self.answer = answer
        self.start()

    def run(self):
        try:
            while True:
                event = self.client.next()
                if "ID" in event:
                    self.client.send("respond", {"ID": event["ID"], "Payload": self.answer})
        except (EOFError, OSError, ValueError):
            pass


class ClusterTests(TwoAgents):
    """What holds for any agent; the classes below say which."""

    def address(self, number):
        return f"127.0.44.{self.block + number}"

    def keyring(self, name):
        return os.path.join(self.folder.name, f"{name}.keyring")

    def flags_of(self, name):
        pathlib.Path(self.keyring(name)).write_text(json.dumps([KEY]))
        return ("-keyring-file", self.keyring(name))

    def answer(self, number, name, text):
        answerer = Answerer(self.address(number), name, text)
        self.addCleanup(answerer.client.socket.close)

    def test_event(self):
        watcher = Client((self.address(2), 7373))
        self.addCleanup(watcher.close)
        self.assertEqual(watcher.ask("stream", {"Type": "user"}), "")

        def received():
            while True:
                record = watcher.next()
                if "Name" in record:
                    return record["Name"], record["Payload"], record["Coalesce"]

        self.assertEqual(self.ok("event", "deploy", "v1", "--coalesce=false"),
                         "Event 'deploy' dispatched! Coalescing enabled: false\n")
        self.assertEqual(received(), ("deploy", b"v1", False))
        bytes_file = os.path.join(self.folder.name, "bytes")
        payload = bytes(range(256))
        pathlib.Path(bytes_file).write_bytes(payload)
        self.ok("event", "b", f"@{bytes_file}", "-coalesce=false")
        self.assertEqual(received(), ("b", payload, False))
        done = subprocess.run([GOSSIPCTL, "event", f"-rpc-addr={self.address(1)}:7373", "-coalesce=false", "c", "-"],
                              input=payload, capture_output=True, timeout=LIMIT_S, env=environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(received(), ("c", payload, False))
        self.ok("event", "--literal", "-coalesce=false", "d", "@x")
        self.assertEqual(received(), ("d", b"@x", False))
        self.ok("event", "gathered", "x")
        self.assertEqual(received(), ("gathered", b"x", True))
        self.assertEqual(json.loads(self.ok("event", "e", "-format=json")), {"name": "e", "coalesce": True})
        done = self.ctl("event", "big", "x" * 600)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("512", done.stderr)

    def test_query(self):
        self.answer(1, "uptime", "a is up\n")
        self.answer(2, "uptime", "two\nlines")
        text = self.ok("query", "uptime", "-timeout=5s")
        lines = text.splitlines(keepends=True)
        self.assertEqual(lines[0], "Query 'uptime' dispatched\n")
        for line in ("Ack from 'a'\n", "Ack from 'b'\n", "Response from 'a': a is up\n", "Response from 'b': two\n"):
            self.assertEqual(lines.count(line), 1, text)
        self.assertEqual(lines[lines.index("Response from 'b': two\n") + 1], "\tlines\n")
        self.assertIn("Total Acks: 2\nTotal Responses: 2\n", text)
        self.assertEqual("2 of 2 answered, 0 silent\n" in text, self.tells_summary, text)
        shown = json.loads(self.ok("query", "--format=json", "--node=b", "-timeout=5s", "uptime"))
        self.assertEqual((shown["Acks"], shown["Responses"]), (["b"], {"b": "two\nlines"}))
        shown = json.loads(self.ok("query", "-format", "json", "-tag=role=we", "-no-ack", "-timeout=5s", "uptime"))
        self.assertEqual((shown["Acks"], shown["Responses"]), ([], {"a": "a is up\n"}))

    def test_query_that_asks_for_more(self):
        self.answer(1, "uptime", "up")
        done = self.ctl("query", "uptime", "-timeout=5s", "--expect", "2")
        self.assertEqual(done.returncode, 4)
        self.assertIn("only 1 of the 2 answers", done.stderr)
        self.assertEqual(self.ctl("query", "uptime", "-timeout=5s", "--expect=1").returncode, 0)
        done = self.ctl("query", "big", "x" * 1200)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("1024", done.stderr)

    def test_query_shows_what_came_at_ctrl_c(self):
        process = subprocess.Popen([GOSSIPCTL, "query", f"-rpc-addr={self.address(1)}:7373", "-timeout=1h", "--wait",
                                    "nothing"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=environment())
        self.addCleanup(self.end, process)
        acks = {process.stdout.readline() for _ in range(3)}
        self.assertEqual(acks, {"Query 'nothing' dispatched\n", "Ack from 'a'\n", "Ack from 'b'\n"})
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT_S)
        self.assertEqual((process.returncode, out, err),
                         (4, "Total Acks: 2\nTotal Responses: 0\n", "gossipctl: interrupted\n"))

    def test_reachability(self):
        texts = []

        def all_answer():  # within the time that the agent gives a query
            texts.append(self.ctl("reachability", "-verbose").stdout)
            return "Successfully" in texts[-1]

        wait_until("all answer", all_answer)
        self.assertRegex(texts[-1], r"\ATotal members: 2, live members: 2\nStarting reachability test...\n"
                               r"(\tAck from '[ab]'\n){2}Query time: \d+\.\d\d sec, time to last response: "
                               r"\d+\.\d\d sec\nSuccessfully contacted all live nodes\n\Z")
        shown = json.loads(self.ok("reachability", "--format=json"))
        self.assertEqual((shown["live"], sorted(shown["acks"]), shown["missing"]), (2, ["a", "b"], []))

    def test_reachability_names_who_is_silent(self):
        self.other.send_signal(signal.SIGSTOP)
        done = self.ctl("reachability")
        self.other.send_signal(signal.SIGCONT)
        self.assertEqual(done.returncode, 4, done.stdout)
        self.assertIn("Missing acks from:\n\tb\n", done.stdout)

    def test_wait_for_an_agent_that_is_about_to_start(self):
        there = f"{self.address(9)}:7373"
        waiting = subprocess.Popen([GOSSIPCTL, "wait", f"-rpc-addr={there}", "--count=1"], env=environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, waiting)
        late = subprocess.Popen([GOSSIPD, "--config-file=none", "--node=late", f"--bind={self.address(9)}",
                                 f"--rpc-addr={there}"], env=environment(), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.end, late)
        self.assertEqual(waiting.communicate(timeout=LIMIT_S), ("", ""))
        self.assertEqual(waiting.returncode, 0)
        nobody = self.ctl("wait", f"-rpc-addr={self.address(8)}:7373", "--count=1", "--timeout=300ms")
        self.assertEqual(nobody.returncode, 5)

    def test_a_status_that_nobody_has(self):
        done = self.ctl("members", "--status=dead")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (
            0, "", "gossipctl: warning: no member ever has the status 'dead': there are alive, leaving, left and failed\n"))
        done = self.ctl("wait", "--status=dead", "--at-most=0")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("'dead'", done.stderr)

    def test_wait(self):
        self.assertEqual(self.ok("wait", "--count=2", "--status=alive"), "")
        waiting = subprocess.Popen([GOSSIPCTL, "wait", f"-rpc-addr={self.address(1)}:7373", "--where", "role=new"],
                                   env=environment())
        self.addCleanup(self.end, waiting)
        subprocess.run([GOSSIPCTL, "tags", f"-rpc-addr={self.address(2)}:7373", "-set", "role=new"],
                       env=environment(), check=True, capture_output=True, timeout=LIMIT_S)
        self.assertEqual(waiting.wait(LIMIT_S), 0)
        self.assertEqual(json.loads(self.ok("wait", "--count=2", "--format=json")), {"reached": True, "matching": 2})
        done = self.ctl("wait", "--count=3", "--timeout=5s", "--format=json")
        self.assertEqual((done.returncode, json.loads(done.stdout)), (4, {"reached": False, "matching": 2}))
        self.assertIn("2 members match, not at least 3", done.stderr)

    def test_round_trips(self):
        """The agent learns where the others are from its probes."""
        wait_until("both places are known", lambda: self.ctl("rtt", "b").returncode == 0)
        self.assertRegex(self.ok("rtt", "b"), r"\AEstimated b <-> a rtt: \d+\.\d{3} ms\n\Z")
        self.assertRegex(self.ok("rtt", "b", "a"), r"\AEstimated b <-> a rtt: \d+\.\d{3} ms\n\Z")
        self.assertEqual(self.ok("rtt", "a", "a"), "Estimated a <-> a rtt: 0.000 ms\n")
        shown = json.loads(self.ok("rtt", "b", "--format=json"))
        self.assertEqual((shown["a"], shown["b"], type(shown["rtt_ms"])), ("b", "a", float))
        done = self.ctl("rtt", "nobody")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (
            3, "", 'gossipctl: could not find a coordinate for node "nobody": no member is called so\n'))
        self.assertRegex(self.ok("rtt", "--all"), r"\Aa  b  \d+\.\d{3} ms\n\Z")
        shown = json.loads(self.ok("rtt", "--all", "--format=json"))
        self.assertEqual([(p["a"], p["b"]) for p in shown["rtts"]], [("a", "b")])
        self.assertEqual(shown["unknown"], [])
        for wrong in ((), ("--all", "a"), ("a", "b", "a")):
            self.assertEqual(self.ctl("rtt", *wrong).returncode, 2, wrong)

        rows = self.ok("members", "--near=b").splitlines()
        self.assertRegex(rows[0], r"\Ab +\S+ +alive +0\.000 ms +role=db\Z")
        self.assertRegex(rows[1], r"\Aa +\S+ +alive +\d+\.\d{3} ms +dc=east")
        near = json.loads(self.ok("members", "--near=b", "--format=json"))["members"]
        self.assertEqual([m["name"] for m in near], ["b", "a"])
        self.assertEqual(near[0]["rtt_ms"], 0)
        self.assertIs(type(near[1]["rtt_ms"]), float)
        self.assertEqual(self.ctl("members", "--near=nobody").returncode, 3)


class KeyTests(ClusterTests):
    """The keys of the cluster."""

    def test_keys(self):
        fresh = run("keygen").stdout.strip()
        mark = "  primary" if self.tells_summary else ""
        self.assertEqual(self.ok("keys", "-list"),
                         "==> Asking all members for installed keys...\n"
                         f"==> Keys gathered, listing cluster keys...\n\n{KEY}  [2/2]{mark}\n")
        path = os.path.join(self.folder.name, "fresh")
        pathlib.Path(path).write_text(fresh + "\n")
        self.assertEqual(self.ok("keys", "-install", f"@{path}"),
                         "==> Installing key on all members...\n==> Successfully installed key!\n")
        self.assertEqual(self.ok("keys", "-use", fresh),
                         "==> Changing primary key on all members...\n==> Successfully changed primary key!\n")
        listed = json.loads(self.ok("keys", "-list", "--format=json"))
        self.assertEqual(listed["keys"], {KEY: 2, fresh: 2})
        self.assertEqual(listed["primaries"], {fresh: 2} if self.tells_summary else {})
        done = self.ctl("keys", "-remove", fresh)
        self.assertEqual((done.returncode, done.stdout), (1, "==> Removing key on all members...\n"))
        self.assertIn("2/2 nodes reported failure", done.stderr)
        self.assertRegex(done.stderr, r"failed:  a  Removing the primary key is not allowed\n")
        self.assertEqual(self.ok("keys", "-remove", KEY),
                         "==> Removing key on all members...\n==> Successfully removed key!\n")
        self.assertEqual(json.loads(pathlib.Path(self.keyring("b")).read_text()), [fresh])
        done = self.ctl("keys", "-install=notbase64")
        self.assertEqual(done.returncode, 1)
        self.assertIn("illegal base64 data at input byte 8", done.stderr)

    def keyrings(self):
        return [json.loads(pathlib.Path(self.keyring(name)).read_text()) for name in "ab"]

    def test_keys_rotate(self):
        self.assertIn(f"remove: {KEY}", self.ok("keys", "rotate", "--dry-run"))
        self.assertEqual(self.keyrings(), [[KEY], [KEY]])
        fresh = self.ok("keys", "rotate").splitlines()[-1]
        self.assertNotEqual(fresh, KEY)
        self.assertEqual(self.keyrings(), [[fresh], [fresh]])
        other = run("keygen").stdout.strip()
        shown = json.loads(self.ok("keys", "rotate", "--key", other, "--format=json"))
        self.assertEqual(shown, {"key": other, "replaced": [fresh], "at_risk": []})
        self.assertEqual(self.statuses(), {"a": "alive", "b": "alive"})

    def test_keys_rotate_names_failed_members(self):
        self.end(self.other)
        self.wait_members({"a": "alive", "b": "failed"})
        done = self.ctl("keys", "rotate")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"\Agossipctl: warning: failed members miss the change[^\n]*: b\n\Z")

    def test_keys_rotate_stops_when_a_live_member_does_not_follow(self):
        os.remove(self.keyring("b"))
        os.mkdir(self.keyring("b"))  # b cannot write it
        done = self.ctl("keys", "rotate")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stderr, r"failed:  b  ")
        self.assertIn("nothing is lost: the new key is not everywhere, and not in use", done.stderr)
        self.assertEqual(json.loads(pathlib.Path(self.keyring("a")).read_text())[0], KEY)


class SerfTest(KeyTests, unittest.TestCase):
    program = (SERF, "agent")
    block = 100
    tells_summary = False


class GossipdTest(KeyTests, unittest.TestCase):
    program = (GOSSIPD,)
    block = 200
    tells_summary = True

    def test_query_counts_the_silent(self):
        """Nobody answers: both say so at once, though the time is long."""
        text = self.ok("query", "--timeout=1h", "nobody-knows")
        self.assertIn("0 of 2 answered, 2 declined, 0 silent\n", text)
        self.assertEqual(self.ctl("query", "--require", "--timeout=1h", "nobody-knows").returncode, 0)
        monitor = subprocess.Popen([GOSSIPCTL, "monitor", f"-rpc-addr={self.address(2)}:7373", "--log-level=none"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment())
        self.addCleanup(monitor.stdout.close)
        self.addCleanup(self.end, monitor)

        def shown():  # the monitor may still be on its way; it looks on, and answers nothing
            text = self.ok("query", "--timeout=1h", "looked-at")
            self.assertIn("0 of 2 answered, 2 declined, 0 silent\n", text)
            return select.select([monitor.stdout], [], [], 0.1)[0]

        wait_until("the monitor shows a query", shown)
        self.assertIn("query: looked-at ", monitor.stdout.readline())
        done = self.ctl("query", "--timeout=1h", "--node=nobody", "x")
        self.assertIn("nobody was asked", done.stderr)


class NameTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copy(GOSSIPCTL, self.folder / "gossipctl")
        shutil.copy(GOSSIPCTL, self.folder / "serf")

    def test_agent_becomes_the_gossipd_beside(self):
        (self.folder / "gossipd").write_text("#!/bin/sh\nfor word; do echo \"<$word>\"; done\n")
        (self.folder / "gossipd").chmod(0o755)
        for name in ("gossipctl", "serf"):
            done = subprocess.run([self.folder / name, "agent", "-node=x", "--help", "--", "a b"], text=True,
                                  capture_output=True, timeout=LIMIT_S)
            self.assertEqual((done.returncode, done.stdout, done.stderr),
                             (0, "<-node=x>\n<--help>\n<-->\n<a b>\n", ""))

    def test_serf_agent_is_an_agent_with_serfs_habits(self):
        (self.folder / "gossipd").symlink_to(pathlib.Path(GOSSIPD).absolute())
        agent = subprocess.Popen([self.folder / "serf", "agent", "-node=x", "-bind=127.0.44.99",
                                  f"-rpc-addr={self.folder}/x.sock"], text=True, env=environment(),
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.addCleanup(agent.stdout.close)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.kill)
        lines = [agent.stdout.readline() for _ in range(4)]
        self.assertEqual(lines, ["==> Starting Serf agent...\n", "==> Starting Serf agent RPC...\n",
                                 "==> Serf agent running!\n", "               Node name: 'x'\n"])
        self.assertIn("==> Log data will now stream in as it occurs:\n", iter(agent.stdout.readline, ""))
        self.assertEqual(agent.stdout.readline(), "\n")
        self.assertIn("gossipd", agent.stdout.readline())  # and its log

    def test_agent_takes_the_one_in_path_else(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        done = subprocess.run([self.folder / "serf", "agent"], env={"PATH": str(elsewhere)}, text=True,
                              capture_output=True, timeout=LIMIT_S)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("cannot run gossipd", done.stderr)
        (elsewhere / "gossipd").write_text("#!/bin/sh\necho \"$@\"\n")
        (elsewhere / "gossipd").chmod(0o755)
        done = subprocess.run([self.folder / "gossipctl", "agent", "-v"], env={"PATH": str(elsewhere)}, text=True,
                              capture_output=True, timeout=LIMIT_S)
        self.assertEqual((done.returncode, done.stdout), (0, "-v\n"))


if __name__ == "__main__":
    unittest.main()
