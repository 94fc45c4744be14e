"""gossipd as a service of a real systemd, booted by systemd-nspawn from the packages of this build.

Only `tests/run.sh --full` runs this: making the system takes minutes. Its network is the container's own; the
other members run beside the service, on other addresses of the loopback interface.
"""

import json
import re
import shutil
import time
import unittest

from installed import LIMIT_S
from packages import packages
from root_system import RootSystem, why_not

KEY = "HvY8ubRZMgafUOWvrOadwOckVa1wN3QWAo46FVKbVN8="


def obstacle():
    return why_not() or ("" if shutil.which("systemd-nspawn") else "systemd-nspawn is not installed: nothing can be booted")


@unittest.skipIf(obstacle(), obstacle())
class ServiceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.system = RootSystem()
        cls.addClassCleanup(cls.system.close)
        for name in ("gossipd", "gossipctl"):
            cls.system.copy_in(packages()[name])
        cls.system.boot()
        cls.system.run("sh", "-c", "dpkg -i /root/gossip*.deb")

    def setUp(self):
        self.addCleanup(self.system.run, "sh", "-c",
                        "systemctl stop gossipd other; systemctl reset-failed; rm -f /etc/credstore/gossip.key "
                        "/etc/gossipd/conf.d/*", check=False)

    def run_in(self, *command, check=True):
        return self.system.run(*command, check=check)

    def configure(self, text):
        path = self.system.root / "etc/gossipd/conf.d/test.toml"
        path.write_text('node_name = "service"\nbind = "127.0.53.1"\n' + text)
        self.run_in("systemd-tmpfiles", "--create", "gossipd.conf")

    def other(self, *flags):
        """Another member, as a service of the moment."""
        self.run_in("systemd-run", "--unit=other", "--collect", "gossipd", "--node=other", "--bind=127.0.53.2",
                    "--rpc-addr=/run/other.sock", *flags)

    def property(self, name):
        return self.run_in("systemctl", "show", "gossipd", "--property", name, "--value").stdout.strip()

    def journal(self):
        return self.run_in("journalctl", "-u", "gossipd", "-o", "cat", "--no-pager").stdout

    def until(self, what, condition):
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.1)
        self.fail(f"not within {LIMIT_S} s: {what}\n{self.journal()}")

    def status_of_service(self):
        done = self.run_in("gossipctl", "members", "--rpc-addr=/run/other.sock", "--format=json", check=False)
        members = json.loads(done.stdout)["members"] if done.returncode == 0 else []
        return {m["name"]: m["status"] for m in members}.get("service")

    def test_installed_it_waits_for_whoever_configures_it(self):
        self.assertEqual(self.run_in("systemctl", "is-active", "gossipd", check=False).stdout, "inactive\n")
        self.assertEqual(self.run_in("systemctl", "is-enabled", "gossipd", check=False).stdout, "disabled\n")

    def test_the_unit_is_clean_where_it_stands(self):
        done = self.run_in("systemd-analyze", "verify", "--man=no", "gossipd.service")
        self.assertEqual(done.stdout + done.stderr, "")
        said = self.run_in("systemd-analyze", "security", "--no-pager", "gossipd.service").stdout
        self.assertLessEqual(float(re.search(r"exposure level for gossipd.service: ([0-9.]+)", said).group(1)), 2.0)

    def test_started_asked_reloaded_and_stopped(self):
        self.configure("")
        self.run_in("systemctl", "start", "gossipd")
        self.assertEqual(self.property("ActiveState"), "active")
        self.assertEqual(self.property("StatusText"), "alive 1, failed 0, left 0")
        self.assertIn("service", self.run_in("gossipctl", "members").stdout)
        self.assertEqual(self.run_in("stat", "-c", "%a %U %G", "/run/gossipd/gossipd.sock").stdout,
                         "660 gossipd gossipd\n")
        self.assertEqual(self.run_in("stat", "-c", "%a %U", "/var/lib/gossipd/snapshot").stdout, "600 gossipd\n")
        self.configure('[tags]\nrole = "db"\n')
        self.run_in("systemctl", "reload", "gossipd")
        self.until("the tag is there", lambda: "role = db" in self.run_in("gossipctl", "tags").stdout or
                   "role=db" in self.run_in("gossipctl", "tags").stdout)
        self.assertEqual(self.property("ActiveState"), "active")
        self.run_in("systemctl", "stop", "gossipd")
        self.assertEqual((self.property("Result"), self.property("ExecMainStatus")), ("success", "0"))
        self.assertFalse((self.system.root / "run/gossipd").exists())

    def test_only_its_group_may_use_the_socket(self):
        self.configure("")
        self.run_in("systemctl", "start", "gossipd")
        self.run_in("sh", "-c", "id stranger >/dev/null 2>&1 || useradd stranger; "
                                "id deputy >/dev/null 2>&1 || useradd -G gossipd deputy")
        as_user = ("runuser", "-u")
        self.assertEqual(self.run_in(*as_user, "stranger", "--", "gossipctl", "info", check=False).returncode, 5)
        self.assertEqual(self.run_in(*as_user, "deputy", "--", "gossipctl", "info", check=False).returncode, 0)

    def test_a_start_takes_until_a_seed_answers(self):
        self.configure('retry_join = ["127.0.53.2"]\nretry_interval = "1s"\n')
        self.run_in("systemctl", "start", "--no-block", "gossipd")
        self.until("it waits", lambda: self.property("StatusText").startswith("waiting for another member"))
        self.assertEqual(self.property("ActiveState"), "activating")
        self.other()
        self.until("it is ready", lambda: self.property("ActiveState") == "active")
        self.assertEqual(self.property("StatusText"), "alive 2, failed 0, left 0")

    def test_a_start_that_waits_longer_than_systemd_is_not_ended(self):
        self.configure('retry_join = ["127.0.53.2"]\nretry_interval = "1s"\n')
        self.run_in("mkdir", "-p", "/run/systemd/system/gossipd.service.d")
        self.run_in("sh", "-c", "printf '[Service]\\nTimeoutStartSec=3s\\n' >/run/systemd/system/gossipd.service.d/t.conf; "
                                "systemctl daemon-reload")
        self.addCleanup(self.run_in, "sh", "-c", "rm -r /run/systemd/system/gossipd.service.d; systemctl daemon-reload")
        self.run_in("systemctl", "start", "--no-block", "gossipd")
        begin = time.monotonic()
        self.until("twice the limit has passed", lambda: time.monotonic() - begin > 6)
        self.assertEqual(self.property("ActiveState"), "activating")
        self.other()
        self.until("it is ready", lambda: self.property("ActiveState") == "active")

    def test_a_stop_is_a_leave(self):
        self.other()
        self.configure('retry_join = ["127.0.53.2"]\n')
        self.run_in("systemctl", "start", "gossipd")
        self.until("it is seen", lambda: self.status_of_service() == "alive")
        self.run_in("systemctl", "stop", "gossipd")
        self.assertEqual(self.status_of_service(), "left")
        self.assertEqual(self.property("Result"), "success")

    def test_killed_it_is_started_again(self):
        self.configure("")
        self.run_in("systemctl", "start", "gossipd")
        before = self.property("MainPID")
        self.run_in("systemctl", "kill", "--signal=KILL", "gossipd")
        self.until("another process runs", lambda: self.property("ActiveState") == "active" and
                   self.property("MainPID") not in ("0", before))

    def test_frozen_it_is_found_by_the_watchdog(self):
        self.configure("")
        self.run_in("mkdir", "-p", "/run/systemd/system/gossipd.service.d")
        self.run_in("sh", "-c", "printf '[Service]\\nWatchdogSec=2s\\n' >/run/systemd/system/gossipd.service.d/w.conf; "
                                "systemctl daemon-reload")
        self.addCleanup(self.run_in, "sh", "-c", "rm -r /run/systemd/system/gossipd.service.d; systemctl daemon-reload")
        self.run_in("systemctl", "start", "gossipd")
        before = self.property("MainPID")
        begin = time.monotonic()
        self.until("the watchdog has had its time", lambda: time.monotonic() - begin > 5)
        self.assertEqual(self.property("MainPID"), before)
        self.run_in("sh", "-c", f"kill -STOP {before}")
        self.until("another process runs", lambda: self.property("ActiveState") == "active" and
                   self.property("MainPID") not in ("0", before))
        self.assertIn("Watchdog timeout", self.journal())

    def test_the_key_may_be_a_credential(self):
        self.configure("")
        self.run_in("sh", "-c", f"mkdir -p /etc/credstore; umask 077; echo {KEY} >/etc/credstore/gossip.key")
        self.run_in("systemctl", "start", "gossipd")
        self.assertRegex(self.run_in("gossipctl", "info").stdout, r"encrypted *= *true")
        self.assertNotIn(KEY, self.run_in("sh", "-c", "cat /proc/$(systemctl show gossipd -p MainPID --value)/environ")
                         .stdout)

    def test_handlers_run_within_the_walls(self):
        self.configure('event_handlers = ["user:look=id -un >/var/lib/gossipd/who; touch /etc/x 2>>/var/lib/gossipd/who"]\n')
        self.run_in("systemctl", "start", "gossipd")
        self.run_in("gossipctl", "event", "look")
        self.until("the handler has run", lambda: self.run_in("cat", "/var/lib/gossipd/who", check=False)
                   .stdout.startswith("gossipd\n") and
                   "Read-only" in self.run_in("cat", "/var/lib/gossipd/who").stdout)

    def test_after_a_restart_members_are_found_without_seeds(self):
        self.other()
        self.configure("")
        self.run_in("systemctl", "start", "gossipd")
        self.run_in("gossipctl", "join", "127.0.53.2")
        self.run_in("systemctl", "kill", "--signal=KILL", "gossipd")
        self.until("it is back", lambda: self.status_of_service() == "alive" and
                   self.property("StatusText") == "alive 2, failed 0, left 0")


if __name__ == "__main__":
    unittest.main()
