"""The units, without a running systemd: what systemd-analyze says of them.

Under a real systemd they run in full_systemd.py, which `tests/run.sh --full` calls.
"""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from installed import INSTALLED, LIMIT_S, output

UNIT = INSTALLED / "lib" / "systemd" / "system" / "gossipd.service"


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not installed: units are not checked")
class UnitTest(unittest.TestCase):
    def test_the_unit_is_clean(self):
        """With this build's program and pages in the places that it names."""
        with tempfile.TemporaryDirectory() as folder:
            unit = pathlib.Path(folder) / "gossipd.service"
            unit.write_text(UNIT.read_text().replace("ExecStart=gossipd", f"ExecStart={INSTALLED}/bin/gossipd"))
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(unit)],
                                  capture_output=True, text=True, timeout=LIMIT_S)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_it_runs_what_every_system_has(self):
        """A minimal Debian has no kill."""
        self.assertEqual(set(re.findall(r"(?m)^Exec\w+=(\S+)", UNIT.read_text())), {"gossipd", "sh"})

    def test_its_pages_exist(self):
        for name, section in re.findall(r"man:([a-z.]+)\((\d)\)", UNIT.read_text()):
            self.assertTrue((INSTALLED / f"share/man/man{section}/{name}.{section}").is_file(), name)

    def test_it_may_do_little(self):
        said = output("systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNIT))
        level = float(re.search(r"Overall exposure level for gossipd.service: ([0-9.]+)", said).group(1))
        self.assertLessEqual(level, 2.0, said)

    def test_the_user_and_the_folders_can_be_made(self):
        with tempfile.TemporaryDirectory() as root:
            etc = pathlib.Path(root) / "etc"
            (etc / "gossipd" / "conf.d").mkdir(parents=True)
            (etc / "gossipd" / "gossip.key").write_text("x")
            output("systemd-sysusers", f"--root={root}", str(INSTALLED / "lib/sysusers.d/gossipd.conf"))
            self.assertRegex((etc / "passwd").read_text(), r"(?m)^gossipd:x:\d+:\d+:gossipd:/var/lib/gossipd:")
            self.assertRegex((etc / "group").read_text(), r"(?m)^gossipd:x:\d+:")
            output("systemd-tmpfiles", "--create", f"--root={root}", str(INSTALLED / "lib/tmpfiles.d/gossipd.conf"))
            self.assertEqual((etc / "gossipd").stat().st_mode & 0o777, 0o750)
            self.assertEqual((etc / "gossipd" / "conf.d").stat().st_mode & 0o777, 0o750)
            self.assertEqual((etc / "gossipd" / "gossip.key").stat().st_mode & 0o777, 0o640)


if __name__ == "__main__":
    unittest.main()
