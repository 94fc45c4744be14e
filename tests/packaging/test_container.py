"""What goes into an image, and an entrypoint that runs an agent beside a program; here without any container.

Addresses: 127.0.52.80 to .89. full_image.py builds the image and runs it.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import unittest

from installed import AgentTest, GOSSIPD, LIMIT_S, ROOT, environment, wait_until

WITH_APP = ROOT / "packaging" / "container" / "with-app"
EXAMPLES = ROOT / "docs" / "examples" / "container"


class ScriptTest(unittest.TestCase):
    @unittest.skipUnless(shutil.which("shellcheck"), "shellcheck is not installed: the scripts are not checked by it")
    def test_they_are_plain_shell(self):
        scripts = [str(ROOT / "packaging" / "container" / name) for name in ("collect", "with-app")]
        done = subprocess.run(["shellcheck", "--shell=sh", *scripts], capture_output=True, text=True,
                              timeout=LIMIT_S)
        self.assertEqual((done.stdout, done.returncode), ("", 0))

    def test_the_examples_use_variables_that_there_are(self):
        known = {"GOSSIP_CONFIG_FILE", "GOSSIP_CONFIG_DIR"}
        done = subprocess.run([GOSSIPD, "--help"], capture_output=True, text=True, timeout=LIMIT_S)
        self.assertEqual(done.returncode, 0)
        sample = (pathlib.Path(os.environ.get("GOSSIP_INSTALLED", ROOT / "build/installed")) /
                  "share/gossipd/gossipd.toml").read_text()
        for key in re.findall(r"^#?([a-z_.0-9]+) = ", sample, re.MULTILINE):
            known.add("GOSSIP_" + key.upper().replace(".", "_"))
        texts = [ROOT / "Dockerfile", *EXAMPLES.iterdir()]
        known.add("GOSSIP_BUILD_TESTS")  # CMake's
        used = {name for path in texts for name in re.findall(r"GOSSIP_[A-Z_]+[A-Z]", path.read_text())}
        self.assertGreater(len(used), 5)
        self.assertEqual(used - known, set())


class WithAppTest(AgentTest):
    """The entrypoint with a program that says what happens to it."""

    def begin_with(self, name, address, *command, **variables):
        with open(self.path(name + ".log"), "wb") as log:
            process = subprocess.Popen(
                [str(WITH_APP), *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env=environment(PATH=f"{os.path.dirname(GOSSIPD)}:{os.environ['PATH']}", GOSSIP_NODE_NAME=name,
                                GOSSIP_BIND=address, GOSSIP_RPC_ADDR=self.path(name + ".sock"), **variables))
        self.agents.append(process)
        self.addCleanup(self.end_group, process.pid)
        wait_until(f"{name} runs", lambda: process.poll() is not None or self.ctl(name, "info").returncode == 0)
        self.assertIsNone(process.poll(), self.log(name))
        return process

    @staticmethod
    def end_group(group):
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def seen(self, name):
        return self.status("watcher", name)

    def test_the_programs_end_is_the_end_and_the_agent_leaves(self):
        self.start("watcher", "--bind=127.0.52.80")
        process = self.begin_with("app", "127.0.52.81", "sh", "-c", f"while [ ! -e {self.path('go')} ]; do sleep 0.1; done; "
                                  "exit 7", GOSSIP_RETRY_JOIN="127.0.52.80")
        wait_until("it is a member", lambda: self.seen("app") == "alive")
        self.write("go", "")
        self.assertEqual(process.wait(LIMIT_S), 7)
        wait_until("it has left", lambda: self.seen("app") == "left")

    def test_signals_go_to_the_program_first(self):
        self.start("watcher", "--bind=127.0.52.82")
        script = (f"trap 'echo hup >>{self.path('got')}' HUP; "
                  f"trap 'gossipctl members --rpc-addr {self.path('app.sock')} --names >>{self.path('got')}; exit 3' TERM; "
                  "while :; do sleep 0.1; done")
        process = self.begin_with("app", "127.0.52.83", "sh", "-c", script, GOSSIP_RETRY_JOIN="127.0.52.82")
        wait_until("it is a member", lambda: self.seen("app") == "alive")
        got = pathlib.Path(self.path("got"))
        process.send_signal(signal.SIGHUP)
        wait_until("the program got it", lambda: got.exists() and got.read_text() == "hup\n")
        self.assertIsNone(process.poll())
        process.terminate()
        self.assertEqual(process.wait(LIMIT_S), 3)
        # The agent was still there for the program's last words.
        self.assertEqual(got.read_text(), "hup\napp\nwatcher\n")
        wait_until("it has left", lambda: self.seen("app") == "left")

    def test_a_program_that_cannot_be_run(self):
        with open(self.path("x.log"), "wb") as log:
            process = subprocess.Popen([str(WITH_APP), "/no/such/program"], stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log, start_new_session=True,
                                       env=environment(PATH=f"{os.path.dirname(GOSSIPD)}:{os.environ['PATH']}",
                                                       GOSSIP_BIND="127.0.52.84", GOSSIP_RPC_ADDR=self.path("x.sock")))
        self.agents.append(process)
        self.addCleanup(self.end_group, process.pid)
        self.assertEqual(process.wait(LIMIT_S), 127)


if __name__ == "__main__":
    unittest.main()
