"""Seeds that need no name server: addresses, scripts, files, and what becomes of them while the agent runs.

Addresses: 127.0.55.0/24.
"""

import json
import os
import pathlib
import unittest

from gossipd_agent import AgentTest, LIMIT_S, wait_until


class SeedTest(AgentTest):
    def setUp(self):
        super().setUp()
        self.start("one", "--bind=127.0.55.1", "--profile=local")

    def begin_with(self, number, *seeds, more=()):
        flags = [f"--retry-join={seed}" for seed in seeds]
        return self.start(f"n{number}", f"--bind=127.0.55.{number}", "--profile=local", "--retry-interval=1s", *flags, *more)

    def seeds(self, name):
        return json.loads(self.ctl(name, "info", "--seeds", "--format=json").stdout)["seeds"]

    def seed_has(self, name, what, condition, index=0):
        wait_until(f"the seed of {name} {what}", lambda: condition(self.seeds(name)[index]))

    def script(self, name, text):
        path = self.write(name, "#!/bin/sh\n" + text)
        os.chmod(path, 0o755)
        return path


class KindTest(SeedTest):
    def test_a_script_prints_addresses(self):
        path = self.script("find", 'echo "$1"; echo 127.0.55.1:7946\n')
        self.begin_with(10, f"exec={path} 127.0.55.10")
        self.seed_has("n10", "is met", lambda seed: seed["state"] == "met")
        self.assertEqual(set(self.members("n10")), {"one", "n10"})
        self.assertEqual(self.seeds("n10")[0]["answer"], ["127.0.55.10:7946", "127.0.55.1:7946"])
        self.assertIn("Join completed. Synced with 1 initial agents", self.log("n10"))

    def test_a_file_is_read_again_at_each_attempt(self):
        path = self.write("seeds", "# nobody yet\n")
        self.begin_with(11, f"file:{path}")
        self.seed_has("n11", "names nobody", lambda seed: seed["error"] == "it names no address")
        self.write("seeds", "127.0.55.1\n")
        self.seed_has("n11", "is met", lambda seed: seed["state"] == "met")

    def test_a_seed_that_is_down_at_first(self):
        self.begin_with(12, "127.0.55.13")
        self.seed_has("n12", "is away", lambda seed: "127.0.55.13:7946" in seed["error"])
        self.start("n13", "--bind=127.0.55.13", "--profile=local")
        self.seed_has("n12", "is met", lambda seed: seed["state"] == "met")

    def test_an_address_needs_no_threads(self):
        agent = self.begin_with(19, "127.0.55.1")
        self.seed_has("n19", "is met", lambda seed: seed["state"] == "met")
        self.assertEqual(len(os.listdir(f"/proc/{agent.pid}/task")), 1)

    def test_a_whole_cluster_is_left_in_peace(self):
        self.begin_with(14, "127.0.55.1", "127.0.55.14")
        self.seed_has("n14", "is met", lambda seed: seed["state"] == "met")
        met, own = self.seeds("n14")
        self.assertNotIn("next_in_ms", met)
        self.assertEqual((met["attempts"], met["joins"]), (1, 1))
        self.assertEqual((own["state"], own["attempts"]), ("only us", 1))
        self.assertNotIn("next_in_ms", own)

    def test_all_others_lost_and_back(self):
        self.begin_with(15, "127.0.55.1")
        self.seed_has("n15", "is met", lambda seed: seed["state"] == "met")
        self.agents[0].kill()
        self.agents[0].wait()
        wait_until("one has failed", lambda: self.status("n15", "one") == "failed")
        self.seed_has("n15", "is asked again", lambda seed: seed["attempts"] > 1)
        self.start("other", "--bind=127.0.55.1", "--profile=local")
        wait_until("the other is there", lambda: self.status("n15", "other") == "alive")


class TroubleTest(SeedTest):
    def test_scripts_that_hang_flood_and_fail(self):
        """Each is ended within its limits and told; the agent answers all the time, and the good seed works."""
        seeds = [f"exec={self.script('hang', 'sleep 1000')}", "exec=yes 127.0.55.1",
                 f"exec={self.script('fail', 'echo no peers >&2; exit 3')}", "127.0.55.1"]
        self.begin_with(20, *seeds, more=("--handler-timeout=1s",))
        for index, error in enumerate(("timed out after 1s", "it wrote more than 65536 bytes",
                                       "exit status 3: no peers")):
            self.seed_has("n20", f"{index} says {error}", lambda seed, e=error: e in seed["error"], index)
        self.assertEqual(self.seeds("n20")[3]["state"], "met")

    def test_ten_thousand_addresses(self):
        lines = [f"127.9.{i // 250}.{i % 250 + 1}" for i in range(10000)]
        path = self.write("seeds", "127.0.55.1\n" + "\n".join(lines[:4000]))
        self.begin_with(21, f"file:{path}")
        self.seed_has("n21", "is cut", lambda seed: len(seed["answer"]) == 1024)
        self.assertEqual(self.seeds("n21")[0]["note"], "the first 1024 addresses count, 2977 more do not")
        self.seed_has("n21", "was tried", lambda seed: seed["attempts"] > 1)

    def test_a_script_does_not_outlive_its_agent(self):
        path = self.script("hang", f"echo $$ >{self.path('pid')}; exec sleep 1000")
        agent = self.begin_with(22, f"exec={path}")
        pid_file = pathlib.Path(self.path("pid"))
        wait_until("the script runs", lambda: pid_file.exists() and pid_file.read_text())
        agent.terminate()
        self.assertEqual(agent.wait(LIMIT_S), 0)
        pid = int(pid_file.read_text())
        wait_until("the script has ended", lambda: not os.path.exists(f"/proc/{pid}/exe"))


class ReloadTest(SeedTest):
    def test_seeds_of_a_reload(self):
        file = self.write("a.toml", 'retry_interval = "1s"\n')
        self.start("n30", "--bind=127.0.55.30", "--profile=local", "--config-file", file)
        self.assertEqual(self.ctl("n30", "info", "--seeds").stdout, "This agent has no seeds.\n")
        self.write("a.toml", 'retry_interval = "1s"\nretry_join = ["127.0.55.1"]\n')
        self.assertEqual(self.ctl("n30", "reload").stdout, "Taken over: retry_join\n")
        self.seed_has("n30", "is met", lambda seed: seed["state"] == "met")
        self.assertIn("\tstate = met\n", self.ctl("n30", "info", "--seeds").stdout)
        self.write("a.toml", 'retry_interval = "1s"\n')
        self.ctl("n30", "reload")
        self.assertEqual(self.seeds("n30"), [])


if __name__ == "__main__":
    unittest.main()
