"""docs/examples/members.cpp, members.c and members.py in one cluster, and beside a real serf: each tells of the other's
coming and going.

Programs from the environment: MEMBERS_CPP, MEMBERS_C, LIBGOSSIP, GOSSIP_SERF. Addresses 127.65.x.y, x from the process."""
import os
import pathlib
import re
import subprocess
import sys
import threading
import time
import unittest

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "docs/examples"
IN_CPP = [os.environ["MEMBERS_CPP"]]
IN_C = [os.environ["MEMBERS_C"]]
SERF = os.environ.get("GOSSIP_SERF") or os.environ["GOSSIP_UNPACKED_SERF"]
IN_PYTHON = [sys.executable, str(EXAMPLES / "members.py")]
NET = f"127.65.{os.getpid() % 250 + 1}"
LIMIT_S = 60  # only ends a test that would hang


class Program:
    def __init__(self, test, command, *arguments):
        self.process = subprocess.Popen([*command, *arguments], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.guard = threading.Timer(LIMIT_S, self.process.kill)
        self.guard.start()
        test.addCleanup(self.close)

    def expect(self, test, line):
        test.assertEqual(self.process.stdout.readline(), line + "\n")

    def end(self, test):
        _, error = self.process.communicate()
        test.assertEqual((self.process.returncode, error), (0, ""))

    def close(self):
        self.guard.cancel()
        self.process.kill()
        self.process.communicate()


class ExamplesTest(unittest.TestCase):
    def meet(self, first, second, host):
        one, other = f"{NET}.{host}:7946", f"{NET}.{host + 1}:7946"
        old = Program(self, first, "old", one)
        # It says nothing until somebody comes; nobody can join it before it is there.
        until = time.monotonic() + LIMIT_S
        while time.monotonic() < until:
            young = Program(self, second, "young", other, one)
            if young.process.stdout.readline() == f"joined old {one}\n":
                break
            young.close()
        else:
            self.fail("the second never joined the first")
        old.expect(self, f"joined young {other}")
        young.end(self)
        old.expect(self, f"left young {other}")
        old.end(self)

    def test_c_meets_python(self):
        self.meet(IN_C, IN_PYTHON, 1)

    def test_python_meets_c(self):
        self.meet(IN_PYTHON, IN_C, 3)

    def test_cpp_meets_c(self):
        self.meet(IN_CPP, IN_C, 5)

    def members_of_serf(self, ip):
        return subprocess.run([SERF, "members", f"-rpc-addr={ip}:7373"], capture_output=True, text=True,
                              timeout=LIMIT_S).stdout

    @unittest.skipUnless(os.path.exists(SERF), f"no serf at {SERF}: tests/run.sh unpacks it")
    def test_each_meets_a_real_serf(self):
        ip = f"{NET}.10"
        serf = subprocess.Popen([SERF, "agent", "-node=s", f"-bind={ip}", f"-rpc-addr={ip}:7373"],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(serf.wait)
        self.addCleanup(serf.kill)
        for host, command in enumerate((IN_CPP, IN_C, IN_PYTHON), 11):
            until = time.monotonic() + LIMIT_S
            while time.monotonic() < until:  # it may not listen yet
                program = Program(self, command, "p", f"{NET}.{host}:7946", ip)
                if program.process.stdout.readline() == f"joined s {ip}:7946\n":
                    break
                program.close()
            else:
                self.fail(f"{command} never joined serf")
            program.end(self)
            left = re.compile(rf"p +{re.escape(NET)}\.{host}:7946 +left")
            while time.monotonic() < until and not left.search(self.members_of_serf(ip)):
                time.sleep(0.05)
            self.assertRegex(self.members_of_serf(ip), left)

    def test_an_error_has_its_sentence(self):
        for command in (IN_CPP, IN_C, IN_PYTHON):
            run = subprocess.run([*command, "x", "999.1.1.1:1"], text=True, capture_output=True, stdin=subprocess.DEVNULL,
                                 timeout=LIMIT_S)
            self.assertEqual(run.returncode, 1)
            self.assertIn("999.1.1.1", run.stderr)


if __name__ == "__main__":
    unittest.main()
