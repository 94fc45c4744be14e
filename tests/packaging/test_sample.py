"""The sample configuration: every key is in it, and all of it is understood."""

import pathlib
import re
import subprocess
import tempfile
import tomllib
import unittest

from installed import GOSSIPD, LIMIT_S, SHARE, environment, generated

SAMPLE = SHARE / "gossipd" / "gossipd.toml"


def check(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "gossipd.toml"
        path.write_text(text)
        return subprocess.run([GOSSIPD, "--config-file", str(path), "--check-config"], capture_output=True,
                              stdin=subprocess.DEVNULL, text=True, timeout=LIMIT_S, env=environment())


class SampleTest(unittest.TestCase):
    def test_as_it_is(self):
        done = check(SAMPLE.read_text())
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "The configuration is fine.\n", ""))
        self.assertEqual(set(tomllib.loads(SAMPLE.read_text())), {"snapshot_path", "rpc_mode"})

    def test_every_default_written_out_is_what_it_is_anyway(self):
        head, every = SAMPLE.read_text().split("\n## ", 1)
        lines = re.findall(r"^#([a-z_.0-9]+ = .*)$", every, re.MULTILINE)
        self.assertGreater(len(lines), 40)
        self.assertEqual(len({line.split(" = ")[0] for line in lines}), len(lines))
        done = check("\n".join(lines) + "\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_it_is_what_the_tables_say_now(self):
        head = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "sample-head.toml"
        self.assertEqual(SAMPLE.read_text(), generated("sample", str(head)))


if __name__ == "__main__":
    unittest.main()
