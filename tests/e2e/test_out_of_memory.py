"""Without memory a program of ours says so in one line and aborts, so that whoever started it can start it again."""

import pathlib
import resource
import signal
import subprocess
import tempfile
import unittest

from gossipd_agent import GOSSIPCTL, GOSSIPD, LIMIT_S, environment

LIMIT_BYTES = 1 << 20  # beside the program itself; it needs a third of that to begin


def is_sanitized(program):
    data = pathlib.Path(program).read_bytes()
    return b"__asan_init" in data or b"__tsan_init" in data


class OutOfMemoryTest(unittest.TestCase):
    def setUp(self):
        if is_sanitized(GOSSIPD):
            self.skipTest("a sanitizer needs far more memory than the program")
        folder = tempfile.TemporaryDirectory(prefix="gossipd-e2e-")
        self.addCleanup(folder.cleanup)
        self.big = pathlib.Path(folder.name, "big.json")
        self.big.write_text('{"node_name": "%s"}' % ("x" * 1_000_000))

    def run_limited(self, *command):
        def limit():
            resource.setrlimit(resource.RLIMIT_DATA, (LIMIT_BYTES, LIMIT_BYTES))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S,
                              env=environment(), preexec_fn=limit)

    def test_gossipd(self):
        self.assertEqual(self.run_limited(GOSSIPD, "--version").returncode, 0)
        done = self.run_limited(GOSSIPD, "--check-config", "--config-file", str(self.big))
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (-signal.SIGABRT, "", "gossipd: out of memory\n"))

    def test_gossipctl(self):
        done = self.run_limited(GOSSIPCTL, "event", "deploy", f"@{self.big}")
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (-signal.SIGABRT, "", "gossipctl: out of memory\n"))


if __name__ == "__main__":
    unittest.main()
