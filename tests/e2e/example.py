"""docs/examples/join_cluster.cpp, built, run, and joined to a real serf."""

import base64
import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import time
import unittest

PROGRAM = os.environ["JOIN_CLUSTER"]
SERF = os.environ.get("GOSSIP_SERF") or os.environ["GOSSIP_UNPACKED_SERF"]
NET = f"127.62.{os.getpid() % 250 + 1}"
KEYS = [base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2)]

# Only ends a test that would hang.
LIMIT_S = 60


class Example:
    """The program, and what it has said so far."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([PROGRAM, *arguments], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lines = []
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            with self.news:
                self.lines.append(line.rstrip("\n"))
                self.news.notify_all()

    def expect(self, line):
        with self.news:
            if not self.news.wait_for(lambda: line in self.lines, LIMIT_S):
                raise AssertionError(f"never said: {line}; but {self.lines}")

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def leave(self):
        self.process.stdin.close()
        self.process.wait(LIMIT_S)
        self.reader.join(LIMIT_S)
        self.process.stdout.close()
        return self.process.returncode

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.leave()


class ExampleTest(unittest.TestCase):
    def test_without_a_seed_that_answers_it_says_why(self):
        run = subprocess.run([PROGRAM, "x", f"{NET}.9", f"{NET}.8:7946"], capture_output=True, text=True,
                             stdin=subprocess.DEVNULL, timeout=LIMIT_S)
        self.assertEqual(run.returncode, 1)
        self.assertIn(f"{NET}.8:7946: ", run.stderr)


@unittest.skipUnless(os.access(SERF, os.X_OK), f"no real serf at {SERF}; set GOSSIP_SERF")
class RealSerfTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "serf.keyring").write_text(json.dumps(KEYS[:1]))
        (self.folder / "keyring").write_text(json.dumps(KEYS[:1]))
        (self.folder / "events").touch()
        self.serf = subprocess.Popen(
            [SERF, "agent", "-node=s1", f"-bind={NET}.1", f"-rpc-addr={NET}.1:7373", "-profile=local",
             f"-keyring-file={self.folder}/serf.keyring", "-event-handler=query:load=printf 0.5",
             f"-event-handler=user=(echo $SERF_USER_EVENT; cat) >> {self.folder}/events"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.serf.wait)
        self.addCleanup(self.serf.kill)
        # Serf's client complains on standard output.
        self.wait_until("serf answers", lambda: "s1" in self.ask("members", check=False))

    def wait_until(self, what, condition):
        end = time.monotonic() + LIMIT_S
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"not within {LIMIT_S} s: {what}")
            time.sleep(0.05)

    def ask(self, command, *arguments, check=True):
        return subprocess.run([SERF, command, f"-rpc-addr={NET}.1:7373", *arguments], capture_output=True, text=True,
                              check=check, timeout=LIMIT_S).stdout if self.serf.poll() is None else ""

    def member(self, status):
        return self.ask("members", "-name=embedded", f"-status={status}")

    def example(self, *seeds):
        example = Example("--keyring", f"{self.folder}/keyring", "--snapshot", f"{self.folder}/snapshot", "embedded",
                          f"{NET}.2", *seeds)
        self.addCleanup(example.kill)
        return example

    def test_joins_a_real_serf_and_leaves(self):
        example = self.example(f"{NET}.1")
        example.expect("2 members")
        self.assertEqual(example.lines, [f"joined s1 {NET}.1:7946", "2 members"])
        self.assertIn("role=example", self.member("alive"))
        self.assertEqual(example.leave(), 0)
        self.assertIn("embedded", self.member("left"))

    def test_events_and_queries_both_ways(self):
        example = self.example(f"{NET}.1")
        example.expect("2 members")
        self.ask("event", "-coalesce=false", "deploy", "v42")
        example.expect("event deploy v42")
        example.say("event rollback to v41")
        example.expect("event rollback to v41")
        self.wait_until("serf hears it", lambda: "rollback\nto v41\n" in (self.folder / "events").read_text())

        shown = json.loads(self.ask("query", "-format=json", "-timeout=5s", "echo", "hello"))
        self.assertEqual((sorted(shown["Acks"]), shown["Responses"]), (["embedded", "s1"], {"embedded": "hello"}))
        shown = json.loads(self.ask("query", "-format=json", "-timeout=5s", "unknown"))
        self.assertEqual((sorted(shown["Acks"]), shown["Responses"]), (["embedded", "s1"], {}))
        asking = subprocess.Popen([SERF, "query", f"-rpc-addr={NET}.1:7373", "-timeout=10s", "ask", "how many?"],
                                  text=True, stdout=subprocess.PIPE)
        self.addCleanup(asking.wait)
        self.addCleanup(asking.kill)
        self.addCleanup(asking.stdout.close)
        example.expect("query ask how many?")
        example.say("answer forty-two")
        self.assertIn("Response from 'embedded': forty-two\n", iter(asking.stdout.readline, ""))

        example.say("query load")
        example.expect("answer of s1: 0.5")
        example.expect("1 of 2 answered")

    def test_round_trips(self):
        example = self.example(f"{NET}.1")
        example.expect("2 members")
        self.wait_until("serf knows where it is", lambda: "Estimated" in self.ask("rtt", "embedded", check=False))
        self.assertRegex(self.ask("rtt", "embedded"), r"\AEstimated embedded <-> s1 rtt: \d+\.\d{3} ms\n\Z")

        def told():
            example.say("rtt s1")
            return any(re.fullmatch(r"about \d+ us to s1", line) for line in example.lines)

        self.wait_until("it knows where serf is", told)

    def test_keys_that_serf_changes(self):
        example = self.example(f"{NET}.1")
        example.expect("2 members")
        example.say("keys")
        example.expect(f"{KEYS[0]} on 2 of 2")
        for step in (f"-install={KEYS[1]}", f"-use={KEYS[1]}", f"-remove={KEYS[0]}"):
            self.assertIn("Successfully", self.ask("keys", step))
        self.assertEqual(json.loads((self.folder / "keyring").read_text()), KEYS[1:])
        example.say("keys")
        example.expect(f"{KEYS[1]} on 2 of 2")

    def test_a_crash_and_back_by_the_snapshot(self):
        example = self.example(f"{NET}.1")
        example.expect("2 members")
        example.kill()
        again = self.example()
        again.expect(f"joined s1 {NET}.1:7946")
        self.wait_until("serf sees it", lambda: "embedded" in self.member("alive"))
        self.assertEqual(again.leave(), 0)


if __name__ == "__main__":
    unittest.main()
