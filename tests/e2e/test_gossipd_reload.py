"""gossipd and what outlasts a moment: configuration read again, tags in a file.

Addresses: 127.0.45.40 to .59.
"""

import json
import os
import pathlib
import shutil
import signal
import stat
import unittest

from gossipd_agent import AgentTest, LIMIT_S, run, wait_until
from rpc_agent import Client


class ReloadTest(AgentTest):
    def hangup(self, agent, name):
        before = self.log(name).count("==> Reloading configuration...")
        agent.send_signal(signal.SIGHUP)
        wait_until("it reloads", lambda: self.log(name).count("==> Reloading configuration...") > before)
        # What a reload does is done before the agent answers the next client.
        self.assertEqual(self.ctl(name, "info").returncode, 0)

    def tags(self, name):
        return self.members(name)[name]["tags"]

    def test_a_reload_takes_what_it_can_and_names_the_rest(self):
        file = self.write("a.toml", 'log_level = "warn"\n[tags]\nrole = "web"\nold = "1"\n')
        agent = self.start("one", "--bind=127.0.45.40", "--config-file", file)
        self.assertEqual(self.ctl("one", "tags", "--set", "rpc=1").returncode, 0)
        self.assertNotIn("[INFO]", self.log("one"))
        self.write("a.toml", 'log_level = "info"\nleave_on_terminate = true\nlabel = "x"\n'
                             '[tags]\nrole = "db"\n')
        self.hangup(agent, "one")
        self.assertEqual(self.tags("one"), {"role": "db", "rpc": "1"})
        self.logged("one", "only taken over by a restart: label")
        self.logged("one", "[INFO]")
        agent.terminate()
        self.assertEqual(agent.wait(LIMIT_S), 0)
        self.assertIn("requesting graceful leave", self.log("one"))

    def test_gossipctl_reload_tells_what_became_of_it(self):
        file = self.write("a.toml", 'log_level = "warn"\n')
        self.start("one", "--bind=127.0.45.43", "--config-file", file)
        done = self.ctl("one", "reload")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "Nothing has changed.\n", ""))
        self.write("a.toml", 'log_level = "info"\nlabel = "blue"\n[tags]\nrole = "db"\n')
        done = self.ctl("one", "reload")
        self.assertEqual((done.returncode, done.stdout),
                         (0, "Taken over: tags, log_level\nWaiting for a restart: label\n"))
        self.assertEqual(self.tags("one"), {"role": "db"})
        self.assertEqual(json.loads(self.ctl("one", "reload", "--format=json").stdout),
                         {"taken": [], "restart": ["label"], "warnings": [], "failed": []})
        # Each of them alone is small enough.
        self.assertEqual(self.ctl("one", "tags", "--set", f"rpc={'x' * 300}").returncode, 0)
        self.write("a.toml", f'[tags]\nrole = "{"x" * 300}"\n')
        done = self.ctl("one", "reload")
        self.assertEqual(done.returncode, 1)
        self.assertIn("Failed: tags not reloaded: ", done.stdout)
        self.write("a.toml", 'lable = "blue"\n')
        done = self.ctl("one", "reload")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(done.stderr, f'gossipctl: error reloading: {file}:1:1: unknown key "lable", did you mean "label"?\n'
                                      f"gossipctl: check with: gossipd --check-config --config-file {file}\n")

    def test_every_mistake_is_named_with_a_command_that_finds_them(self):
        file = self.write("a.toml", 'log_level = "warn"\n')
        agent = self.start("one", "--bind=127.0.45.44", "--config-file", file)
        self.write("a.toml", 'log_level = "loud"\n[tags]\na = 1\nb = 2\n')
        done = self.ctl("one", "reload")
        lines = done.stderr.splitlines()
        self.assertEqual((done.returncode, done.stdout, len(lines)), (1, "", 4), done.stderr)
        self.assertTrue(lines[0].startswith(f"gossipctl: error reloading: {file}:1:1: log_level: "), lines)
        self.assertTrue(lines[1].startswith(f"gossipctl: {file}:3:5: tags: "), lines)
        self.assertTrue(lines[2].startswith(f"gossipctl: {file}:4:5: tags: "), lines)
        self.hangup(agent, "one")
        self.assertEqual(self.log("one").count(f"[ERR] agent: nothing reloaded: {file}:"), 6)
        command = lines[3].removeprefix("gossipctl: check with: gossipd ").split()
        self.assertEqual(run(*command).stderr.splitlines(),
                         ["gossipd: " + line.removeprefix("gossipctl: ").removeprefix("error reloading: ")
                          for line in lines[:3]])

    def test_a_broken_file_changes_nothing(self):
        file = self.write("a.toml", '[tags]\nrole = "web"\n')
        agent = self.start("one", "--bind=127.0.45.41", "--config-file", file)
        self.write("a.toml", '[tags]\nrole = "db"\nbogus\n')
        self.hangup(agent, "one")
        self.logged("one", f"[ERR] agent: nothing reloaded: {file}:3:")
        self.assertEqual(self.tags("one"), {"role": "web"})

    def test_tags_that_are_too_big_are_not_taken(self):
        file = self.write("a.toml", '[tags]\nrole = "web"\n')
        agent = self.start("one", "--bind=127.0.45.42", "--config-file", file)
        self.write("a.toml", f'[tags]\nrole = "{"x" * 600}"\n')
        self.hangup(agent, "one")
        self.logged("one", f"nothing reloaded: {file}:1:2: tags: tags encode to ")
        self.assertEqual(self.tags("one"), {"role": "web"})

    def test_what_would_not_start_is_refused_as_by_a_check(self):
        good = 'log_level = "info"\n'
        file = self.write("a.toml", good)
        self.start("one", "--bind=127.0.45.46", "--config-file", file)
        tags = self.write("tags.json", '{"role": 1}')
        for wrong in ('interface = "nope0"', 'rpc_group = "no-such-group"', 'metrics_addr = "nonsense"',
                      'statsd_addr = "nonsense"', 'event_handlers = ["bogus=x"]', f'tags_file = "{tags}"'):
            self.write("a.toml", f'log_level = "warn"\n{wrong}\n')
            checked = run("--bind=127.0.45.46", "--config-file", file, "--check-config")
            done = self.ctl("one", "reload")
            self.assertEqual((checked.returncode, done.returncode, done.stdout), (1, 1, ""), wrong)
            self.assertEqual(done.stderr.splitlines()[0].removeprefix("gossipctl: error reloading: "),
                             checked.stderr.splitlines()[0].removeprefix("gossipd: "))
        self.write("a.toml", good)
        self.assertEqual(self.ctl("one", "reload").stdout, "Nothing has changed.\n")


class TagsFileTest(AgentTest):
    def test_tags_survive_a_restart(self):
        file = self.path("tags.json")
        agent = self.start("one", "--bind=127.0.45.50", "--tags-file", file)
        self.assertEqual(self.ctl("one", "tags", "--set", "role=a<b", "--set", "dc=x").returncode, 0)
        self.assertEqual(pathlib.Path(file).read_text(), '{\n  "dc": "x",\n  "role": "a\\u003cb"\n}')
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        agent.kill()
        agent.wait()
        self.start("one", "--bind=127.0.45.50", "--tags-file", file)
        self.assertEqual(self.members("one")["one"]["tags"], {"dc": "x", "role": "a<b"})
        self.assertIn(f"Restored 2 tag(s) from {file}", self.log("one"))

    def test_tags_that_are_too_big_never_reach_the_file(self):
        file = self.write("tags.json", '{"role": "web"}')
        agent = self.start("one", "--bind=127.0.45.51", "--tags-file", file)
        done = self.ctl("one", "tags", "--set", "big=" + "x" * 600)
        self.assertEqual(done.returncode, 1)
        self.assertIn("512", done.stderr)
        self.assertEqual(pathlib.Path(file).read_text(), '{"role": "web"}')
        agent.send_signal(signal.SIGHUP)
        self.logged("one", "==> Reloading")
        self.assertEqual(self.members("one")["one"]["tags"], {"role": "web"})
        self.assertEqual(pathlib.Path(file).read_text(), '{"role": "web"}')

    def test_tags_that_a_leave_refuses_never_reach_the_file(self):
        file = self.write("tags.json", '{"role": "web"}')
        watcher = self.start("watcher", "--bind=127.0.45.53")
        agent = self.start("one", "--bind=127.0.45.54", "--join=127.0.45.53", "--tags-file", file)
        watcher.send_signal(signal.SIGSTOP)  # nobody takes the good-bye, so the leave lasts
        client = Client(self.path("one.sock"))
        self.addCleanup(client.close)
        agent.send_signal(signal.SIGINT)
        self.logged("one", "requesting graceful leave")
        self.assertIn("this node is leaving", client.ask("tags", {"Tags": {"role": "db"}, "DeleteTags": []}))
        self.assertEqual(pathlib.Path(file).read_text(), '{"role": "web"}')

    def test_tags_that_cannot_be_written_are_not_kept(self):
        place = self.folder / "place"
        place.mkdir()
        self.start("one", "--bind=127.0.45.55", "--tags-file", str(place / "tags.json"))
        self.assertEqual(self.ctl("one", "tags", "--set", "role=web").returncode, 0)
        shutil.rmtree(place)
        done = self.ctl("one", "tags", "--set", "role=db")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot write ", done.stderr)
        self.assertEqual(self.members("one")["one"]["tags"], {"role": "web"})

    def test_a_file_that_is_none(self):
        file = self.write("tags.json", '{\n"role": 1}')
        done = run("--bind=127.0.45.52", "--rpc-addr", self.path("x.sock"), "--tags-file", file)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, f"gossipd: {file}:2:1: expected an object of texts\n")


if __name__ == "__main__":
    unittest.main()
