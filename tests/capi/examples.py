"""docs/examples/members.c and members.py in one cluster: each tells of the other's coming and going.

Programs from the environment: MEMBERS_C, LIBGOSSIP. Addresses 127.65.x.y, x from the process."""
import os
import pathlib
import subprocess
import sys
import threading
import time
import unittest

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "docs/examples"
IN_C = [os.environ["MEMBERS_C"]]
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

    def test_an_error_has_its_sentence(self):
        for command in (IN_C, IN_PYTHON):
            run = subprocess.run([*command, "x", "999.1.1.1:1"], text=True, capture_output=True, stdin=subprocess.DEVNULL,
                                 timeout=LIMIT_S)
            self.assertEqual(run.returncode, 1)
            self.assertIn("999.1.1.1", run.stderr)


if __name__ == "__main__":
    unittest.main()
