"""A member's name: killed and restarted at another address, claimed by a second agent; and its cluster's keys.

Addresses: 127.0.47.1 to .19.
"""

import json
import os
import stat
import unittest

from gossipd_agent import AgentTest, LIMIT_S, wait_until

KEY = "HvY8ubRZMgafUOWvrOadwOckVa1wN3QWAo46FVKbVN8="
OTHER_KEY = "ZWTL+bgjHyQPhJRKcFe3ccirc2SFHmc/Nw67l8NQfdk="
FIRST = "127.0.47.1"


class NameTest(AgentTest):
    def cluster(self, *names):
        agents = {}
        for host, name in enumerate(names, start=1):
            joins = [] if host == 1 else ["--join", FIRST]
            agents[name] = self.start(name, "--bind", f"127.0.47.{host}", *joins)
        for name in names:
            wait_until("all are there", lambda: all(self.status(name, n) == "alive" for n in names))
        return agents

    def test_who_is_killed_and_comes_back_elsewhere_is_taken_there(self):
        b = self.cluster("a", "b", "c")["b"]
        b.kill()
        b.wait()
        self.start("b", "--bind", "127.0.47.9", "--join", FIRST)
        for name in ("a", "c"):
            wait_until("the new address", lambda: "127.0.47.9" in str(self.members(name)["b"]))
            self.assertEqual(self.status(name, "b"), "alive")
            self.assertRegex(self.log(name), "Updating address for (left or failed node )?b from 127.0.47.2:7946")

    def test_a_second_bearer_of_a_name_stops_and_says_who_has_it(self):
        self.cluster("a", "b", "c")
        second = self.begin("second", "--node", "b", "--bind", "127.0.47.8", "--join", FIRST)
        self.assertEqual(second.wait(timeout=LIMIT_S), 1)
        self.assertIn('the name "b" belongs to the member at 127.0.47.2:7946', self.log("second"))
        for name in ("a", "b", "c"):
            self.assertIn("127.0.47.2", str(self.members(name)["b"]))
            self.assertEqual(self.status(name, "b"), "alive")


class KeysTest(AgentTest):
    def setUp(self):
        super().setUp()
        for host, name in enumerate("ab", start=1):
            ring = self.write(f"{name}.ring", json.dumps([KEY]))
            os.chmod(ring, 0o600)
            joins = [] if host == 1 else ["--join", FIRST]
            self.start(name, "--bind", f"127.0.47.{host}", "--keyring-file", ring, *joins)
        wait_until("b is there", lambda: self.status("a", "b") == "alive")

    def keys(self, *args):
        return self.ctl("a", "keys", *args)

    def test_a_key_is_changed_in_the_files_of_all(self):
        for step in (("--install", OTHER_KEY), ("--use", OTHER_KEY), ("--remove", KEY)):
            done = self.keys(*step)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for name in "ab":
            self.assertEqual((self.folder / f"{name}.ring").read_text(), f'[\n  "{OTHER_KEY}"\n]')
            self.assertEqual(stat.S_IMODE(os.stat(self.path(f"{name}.ring")).st_mode), 0o600)
        self.assertEqual(self.status("a", "b"), "alive")

    def test_a_member_that_cannot_write_its_file_is_named(self):
        ring = self.folder / "b.ring"
        ring.unlink()
        ring.mkdir()  # cannot be replaced by a file
        done = self.keys("--install", OTHER_KEY)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("1/2 nodes reported failure", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
