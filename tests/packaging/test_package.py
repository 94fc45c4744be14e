"""The Debian packages: what is in them, and what lintian says. full_package.py installs them."""

import hashlib
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from installed import BUILD, INSTALLED, LIMIT_S, output
from packages import packages


class PackageTest(unittest.TestCase):
    def files(self, name):
        listed = output("dpkg-deb", "--contents", str(packages()[name])).splitlines()
        return {line.split()[5].removeprefix("."): line.split()[:2] for line in listed}

    def test_what_is_where(self):
        self.assertLessEqual({"/usr/bin/gossipd", "/lib/systemd/system/gossipd.service", "/etc/gossipd/gossipd.toml",
                              "/etc/gossipd/conf.d/", "/usr/lib/sysusers.d/gossipd.conf",
                              "/usr/lib/tmpfiles.d/gossipd.conf", "/usr/share/man/man8/gossipd.8.gz",
                              "/usr/share/man/man5/gossipd.toml.5.gz",
                              "/usr/share/bash-completion/completions/gossipd"}, set(self.files("gossipd")))
        self.assertLessEqual({"/usr/bin/gossipctl", "/usr/share/man/man1/gossipctl.1.gz",
                              "/usr/share/man/man1/gossipctl-members.1.gz",
                              "/usr/share/zsh/vendor-completions/_gossipctl",
                              "/usr/share/fish/vendor_completions.d/gossipctl.fish"}, set(self.files("gossipctl")))
        library = set(self.files("libgossip-dev"))
        self.assertTrue(any(path.endswith("/cmake/gossip/gossip-config.cmake") for path in library))
        self.assertTrue(any(path.endswith("/pkgconfig/gossip.pc") for path in library))
        self.assertLessEqual({"/usr/include/gossip/node.h", "/usr/include/gossip/gossip.h"}, library)
        self.assertTrue(any(path.endswith("/pkgconfig/libgossip.pc") for path in library))
        self.assertTrue(any(path.endswith("/libgossip.so.0") for path in self.files("libgossip0")))

    def test_everything_is_roots_and_nobody_else_may_write(self):
        for name in packages():
            for path, (mode, owner) in self.files(name).items():
                self.assertEqual(owner, "root/root", path)
                if mode[0] != "l":
                    self.assertNotIn("w", mode[4:], path)

    def test_dependencies(self):
        def field(name, what):
            return output("dpkg-deb", "--field", str(packages()[name]), what)
        self.assertIn("libc6", field("gossipd", "Depends"))
        self.assertIn("systemd-sysusers", field("gossipd", "Depends"))
        self.assertIn("libc6", field("gossipctl", "Depends"))
        for needed in ("libuv1", "libnettle8", "libre2-9", "libstdc++6"):
            self.assertIn(needed, field("libgossip0", "Depends"))
        for needed in ("libgossip0", "libuv1-dev", "nettle-dev", "libre2-dev", "libexpected-dev"):
            self.assertIn(needed, field("libgossip-dev", "Depends"))

    @unittest.skipUnless(shutil.which("lintian"), "lintian is not installed: the packages are not checked by it")
    def test_lintian_has_nothing_to_say(self):
        done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0",
                               *map(str, packages().values())], capture_output=True, text=True, timeout=300)
        self.assertEqual((done.stdout, done.returncode), ("", 0), done.stderr)

    def test_the_same_build_makes_the_same_packages(self):
        with tempfile.TemporaryDirectory() as folder:
            output("cpack", "--config", str(BUILD / "CPackConfig.cmake"), "-B", folder, timeout=300)
            for name, path in packages().items():
                again = pathlib.Path(folder) / path.name
                self.assertEqual(hashlib.sha256(path.read_bytes()).hexdigest(),
                                 hashlib.sha256(again.read_bytes()).hexdigest(), name)

    def test_the_scripts_of_the_packages_are_plain_shell(self):
        if not shutil.which("shellcheck"):
            self.skipTest("shellcheck is not installed")
        folder = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "debian"
        scripts = [str(path) for path in folder.glob("*/p*")]
        self.assertEqual(len(scripts), 5)
        done = subprocess.run(["shellcheck", "--shell=sh", *scripts], capture_output=True, text=True,
                              timeout=LIMIT_S)
        self.assertEqual((done.stdout, done.returncode), ("", 0))


class ArchiveTest(unittest.TestCase):
    def test_archives_are_for_every_compiler(self):
        archives = list(INSTALLED.rglob("libgossip_*.a"))
        self.assertEqual({path.name for path in archives}, {"libgossip_engine.a", "libgossip_node.a"})
        for path in archives:
            # The form that only one version of GCC can read (cmake/whole_program.cmake).
            self.assertEqual(output("readelf", "--wide", "--section-headers", str(path)).count(".gnu.lto_"), 0, path)


class UninstallTest(unittest.TestCase):
    def test_what_install_puts_uninstall_takes_away(self):
        with tempfile.TemporaryDirectory() as folder:
            top = pathlib.Path(folder)
            # The build's own list of installed files stays as it is.
            lists = {path: path.read_bytes() for path in BUILD.glob("install_manifest*.txt")}
            self.addCleanup(lambda: [path.write_bytes(text) for path, text in lists.items()])
            output("cmake", "--install", str(BUILD), "--prefix", str(top / "usr"))
            self.assertTrue((top / "usr/bin/gossipd").exists())
            (top / "usr/bin/other").write_text("stays")
            output("cmake", f"-DBUILD={BUILD}", "-P",
                   str(pathlib.Path(__file__).resolve().parents[2] / "packaging" / "uninstall.cmake"))
            self.assertEqual([path for path in top.rglob("*") if path.is_file()], [top / "usr/bin/other"])
            self.assertFalse((top / "usr/include/gossip").exists())


if __name__ == "__main__":
    unittest.main()
