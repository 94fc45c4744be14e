"""packaging/quickstart.sh up to its first heading: what follows installs packages."""

import os
import pathlib
import pty
import shutil
import subprocess
import tempfile
import unittest

from installed import LIMIT_S

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "quickstart.sh"


class HeadingTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        packaging = pathlib.Path(self.folder.name) / "packaging"
        packaging.mkdir()
        self.script = shutil.copy(SCRIPT, packaging)
        fails = packaging / "install-deps.sh"
        fails.write_text("#!/bin/sh\nexit 1\n")
        fails.chmod(0o755)

    def run_to(self, stdout, **variables):
        environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        return subprocess.run(["bash", self.script], stdin=subprocess.DEVNULL, stdout=stdout,
                              env={**environment, **variables}, timeout=LIMIT_S)

    def shown_on_a_terminal(self, **variables):
        reader, terminal = pty.openpty()
        self.run_to(terminal, **variables)
        shown = os.read(reader, 4096).decode()
        os.close(reader)
        os.close(terminal)
        return shown

    def test_it_is_bold_on_a_terminal_alone(self):
        self.assertEqual(self.shown_on_a_terminal(), "\r\n\x1b[1m1. Packages\x1b[0m\r\n")
        self.assertEqual(self.run_to(subprocess.PIPE).stdout, b"\n1. Packages\n")

    def test_no_color_is_heeded(self):
        self.assertEqual(self.shown_on_a_terminal(NO_COLOR="1"), "\r\n1. Packages\r\n")


if __name__ == "__main__":
    unittest.main()
