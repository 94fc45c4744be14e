"""docs/examples/join_cluster.cpp, built, run, and joined to a real serf."""

import os
import subprocess
import time
import unittest

PROGRAM = os.environ["JOIN_CLUSTER"]
SERF = os.environ.get("GOSSIP_SERF") or os.environ["GOSSIP_UNPACKED_SERF"]
NET = f"127.62.{os.getpid() % 250 + 1}"


def serf_is_up(rpc):
    command = [SERF, "members", f"-rpc-addr={rpc}"]
    return subprocess.run(command, capture_output=True).returncode == 0


class Example(unittest.TestCase):
    def test_without_a_seed_that_answers_it_says_why(self):
        run = subprocess.run([PROGRAM, "x", f"{NET}.9", f"{NET}.8:7946"], capture_output=True, text=True,
                             stdin=subprocess.DEVNULL, timeout=60)
        self.assertEqual(run.returncode, 1)
        self.assertIn(f"{NET}.8:7946: ", run.stderr)

    @unittest.skipUnless(os.access(SERF, os.X_OK), f"no real serf at {SERF}; set GOSSIP_SERF")
    def test_joins_a_real_serf_and_leaves(self):
        rpc = f"{NET}.1:7373"
        serf = subprocess.Popen([SERF, "agent", "-node=s1", f"-bind={NET}.1", f"-rpc-addr={rpc}"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(serf.wait)
        self.addCleanup(serf.kill)
        deadline = time.monotonic() + 30
        while not serf_is_up(rpc) and time.monotonic() < deadline:
            time.sleep(0.1)
        example = subprocess.Popen([PROGRAM, "embedded", f"{NET}.2", f"{NET}.1"], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.assertEqual(example.stdout.readline(), f"joined s1 {NET}.1:7946\n")
        self.assertEqual(example.stdout.readline(), "2 members\n")
        self.assertIn("role=example", self.member(rpc, "alive"))
        output, _ = example.communicate("\n", timeout=60)  # end of input: it leaves
        self.assertEqual(output, "")
        self.assertEqual(example.returncode, 0)
        self.assertIn("embedded", self.member(rpc, "left"))

    def member(self, rpc, status):
        command = [SERF, "members", f"-rpc-addr={rpc}", "-name=embedded", f"-status={status}"]
        return subprocess.run(command, capture_output=True, text=True, timeout=30).stdout


if __name__ == "__main__":
    unittest.main()
