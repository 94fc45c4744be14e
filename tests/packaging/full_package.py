"""The packages installed, used and removed in a clean Debian 12, by dpkg and without a running systemd.

Only `tests/run.sh --full` runs this: making the system takes minutes.
"""

import pathlib
import unittest

from packages import packages
from root_system import BASE, RootSystem, why_not

COMPILING = ("g++", "cmake", "make", "pkg-config", "libuv1-dev", "nettle-dev", "libre2-dev", "libexpected-dev")
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "examples"


@unittest.skipIf(why_not(), why_not())
class InstallTest(unittest.TestCase):
    def system(self, *more):
        system = RootSystem(*more)
        self.addCleanup(system.close)
        for path in packages().values():
            system.copy_in(path)
        return system

    def install(self, system, *names):
        system.run("dpkg", "-i", *(f"/root/{packages()[name].name}" for name in names))

    def test_installed_used_and_removed(self):
        system = self.system()
        before = set(system.run("find", "/", "-xdev", "-not", "-path", "/proc/*").stdout.splitlines())
        self.install(system, "gossipd", "gossipctl")
        self.assertRegex(system.run("getent", "passwd", "gossipd").stdout, r"^gossipd:x:\d+:\d+:")
        self.assertEqual(system.run("stat", "-c", "%a %U %G", "/etc/gossipd").stdout, "750 root gossipd\n")
        self.assertIn("gossipd 0.", system.run("gossipd", "--version").stdout)
        self.assertIn("is fine", system.run("gossipd", "--config-file", "/etc/gossipd/gossipd.toml",
                                            "--check-config").stdout)
        # An agent, by hand, and asked by both names.
        script = ("gossipd --node one --bind 127.0.52.90 --rpc-addr /root/one.sock >/root/log 2>&1 & "
                  "for i in $(seq 100); do gossipctl info --rpc-addr /root/one.sock >/dev/null 2>&1 && break; sleep 0.1; "
                  "done; serf members -rpc-addr=/root/one.sock -format=json; gossipctl leave --rpc-addr /root/one.sock; "
                  "wait $!")
        self.assertIn('"name": "one"', system.run("sh", "-c", script).stdout)
        self.assertEqual(system.run("readlink", "-f", "/usr/bin/serf").stdout, "/usr/bin/gossipctl\n")
        # Changed by its owner, the configuration stays until it is purged.
        system.run("sh", "-c", "echo 'profile = \"wan\"' >>/etc/gossipd/gossipd.toml")
        self.install(system, "gossipd", "gossipctl")
        self.assertIn("wan", system.run("cat", "/etc/gossipd/gossipd.toml").stdout)
        system.run("dpkg", "-r", "gossipd", "gossipctl")
        self.assertEqual(system.run("test", "-e", "/usr/bin/serf", check=False).returncode, 1)
        self.assertIn("wan", system.run("cat", "/etc/gossipd/gossipd.toml").stdout)
        system.run("dpkg", "-P", "gossipd", "gossipctl")
        after = set(system.run("find", "/", "-xdev", "-not", "-path", "/proc/*").stdout.splitlines())
        left = {path for path in after - before
                if not path.startswith(("/root/", "/var/lib/dpkg", "/var/log/", "/var/cache/", "/var/lib/systemd/",
                                        "/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-",
                                        "/var/lib/dbus", "/tmp/"))}
        self.assertEqual(left, set())

    def test_a_serf_that_is_there_stays(self):
        system = self.system()
        (system.root / "usr/bin/serf").write_text("#!/bin/sh\necho the real one\n")
        (system.root / "usr/bin/serf").chmod(0o755)
        self.install(system, "gossipctl")
        self.assertEqual(system.run("serf").stdout, "the real one\n")
        system.run("dpkg", "-P", "gossipctl")
        self.assertEqual(system.run("serf").stdout, "the real one\n")

    def test_a_program_is_built_against_the_library(self):
        system = self.system("compiling", (*BASE, *COMPILING))
        self.install(system, "libgossip0", "libgossip-dev")
        for name in ("CMakeLists.txt", "join_cluster.cpp", "members.cpp", "members.c"):
            system.copy_in(EXAMPLES / name)
        system.run("sh", "-c", "cmake -S /root -B /root/build >/root/log 2>&1 && cmake --build /root/build >>/root/log "
                               "2>&1 || { cat /root/log >&2; exit 1; }")
        self.assertTrue((system.root / "root/build/join_cluster").exists())
        system.run("sh", "-c", "g++ -std=c++20 /root/join_cluster.cpp -o /root/other $(pkg-config --cflags --libs gossip)")
        system.run("sh", "-c", "gcc -std=c11 /root/members.c -o /root/members $(pkg-config --cflags --libs libgossip)")
        self.assertEqual(system.run("/root/members", check=False).returncode, 2)
        system.run("dpkg", "-P", "libgossip-dev", "libgossip0")
        self.assertFalse((system.root / "usr/include/gossip").exists())


if __name__ == "__main__":
    unittest.main()
