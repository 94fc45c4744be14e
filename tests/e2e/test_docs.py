"""The pages of docs/, executed: tests/pages.py has the rules.

A page runs as one shell session, word for word but for its addresses (127.0.N. becomes 127.90.N.), its folder /tmp and
the place of the programs. Who types is slower than a shell, so here gossipctl and serf ask again while their agent is
not up yet, and cat waits for its file.
"""

import configparser
import functools
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import unittest

from gossipctl_run import BUILD, GOSSIPCTL, ROOT, environment

sys.path.insert(0, str(ROOT / "tests"))
from pages import Page, pages  # noqa: E402  (the folder above)

GOSSIPD = os.environ.get("GOSSIPD", str(BUILD / "agent" / "gossipd"))
SERF = os.environ.get("GOSSIP_SERF", str(BUILD / "serf" / "usr" / "bin" / "serf"))
INSTALLED = pathlib.Path(os.environ.get("GOSSIP_INSTALLED", BUILD / "installed"))
LIBRARIES = sorted(INSTALLED.glob("lib/**/libgossip.so"))

# Only ends a session that would hang.
LIMIT_S = 170

PREAMBLE = r"""
set -euo pipefail
trap 'kill -KILL $(jobs -p) 2>/dev/null || true' EXIT
again_while() {  # again_while CODE PATTERN PROGRAM…: as long as it ends so and complains so
  local wanted=$1 pattern=$2 said=$complaints.$BASHPID tries=0 code; shift 2
  while :; do
    code=0; command "$@" 2>"$said" || code=$?
    if [ "$code" = "$wanted" ] && grep -q "$pattern" "$said" && [ $((++tries)) -lt 1200 ]; then
      sleep 0.05
    else
      command cat "$said" >&2; return "$code"
    fi
  done
}
gossipctl() { again_while 5 'no agent' gossipctl "$@"; }
serf() {
  if [ "$1" = agent ]; then exec serf "$@"; fi  # in the background: the trap must find it
  local word tries=0
  for word; do
    if [[ $word = -rpc-addr=* ]]; then
      until command serf info "$word" >/dev/null || [ $((++tries)) -gt 600 ]; do sleep 0.1; done
    fi
  done
  command serf "$@"
}
cat() {
  local tries=0
  while [ "$#" = 1 ] && [ ! -s "$1" ] && [ $((++tries)) -lt 1200 ]; do sleep 0.05; done
  command cat "$@"
}
"""


def clean_environment(**extra):
    """Without the variables that tests are told things by: gossipd would take them for settings."""
    return {k: v for k, v in environment().items() if not k.startswith(("GOSSIP", "SERF"))} | extra


def run(program, *args):
    return subprocess.run([program, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          env=clean_environment())


@functools.lru_cache(maxsize=None)
def flags_of(program, command=""):
    """Their names, without dashes."""
    shown = run(GOSSIPD, "--help") if program == "gossipd" else run(GOSSIPCTL, command, "--help")
    return set(re.findall(r"(?:^ +(?:-h,)?| )--([a-z][a-z0-9-]*)", shown.stdout, re.MULTILINE))


@functools.lru_cache(maxsize=None)
def commands_of_gossipctl():
    listed = run(GOSSIPCTL, "--help").stdout.split("Commands:\n")[1].split("\n\n")[0]
    return re.findall(r"^  ([a-z-]+)", listed, re.MULTILINE)


@functools.lru_cache(maxsize=None)
def keys_of_gossipd():
    return set(json.loads(run(GOSSIPD, "--print-config", "--format", "json", "--config-file", "none").stdout))


class Session:
    """A page's sh blocks, run."""

    def __init__(self, test, page):
        self.test, self.page = test, page
        folder = tempfile.TemporaryDirectory(prefix="gd-")
        test.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "bin").mkdir()
        for name, program in (("gossipd", GOSSIPD), ("gossipctl", GOSSIPCTL), ("serf", SERF)):
            (self.folder / "bin" / name).symlink_to(pathlib.Path(program).absolute())

    def here(self, text):
        text = text.replace("$PWD/build/agent:$PWD/build/cli", str(self.folder / "bin"))
        return re.sub(r"\b127\.0\.([1-9]\d*)\.", r"127.90.\1.", text).replace("/tmp/", f"{self.folder}/")

    def run(self, preamble=PREAMBLE, **variables):
        """The output of each sh block, errors included."""
        blocks = self.page.in_language("sh")
        script = f"complaints={self.folder}/complaints\n" + preamble
        for number, block in enumerate(blocks):
            script += f"printf '\\n@@ {number}\\n'\n" + self.here(block.text)
        variables = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", **variables}
        output, code = self.bash(script + "printf '\\n@@ end\\n'", variables)
        logs = "".join(f"\n-- {log.name}\n{log.read_text(errors='replace')}" for log in self.folder.glob("**/*.log"))
        self.test.assertEqual(code, 0, output + logs)
        parts = re.split(r"\n@@ (?:\d+|end)\n", output)[1:-1]
        self.test.assertEqual(len(parts), len(blocks), output)
        return dict(zip(blocks, parts))

    def bash(self, script, variables):
        said = self.folder / "said"
        with open(said, "wb") as out, subprocess.Popen(
                ["bash", "-c", script], stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=ROOT,
                env=clean_environment(**variables), start_new_session=True) as shell:
            try:
                code = shell.wait(LIMIT_S)
            except subprocess.TimeoutExpired:
                code = "it took too long"
            finally:
                try:
                    os.killpg(shell.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        return said.read_text(errors="replace"), code

    def compare(self, outputs):
        """Each text block with the output of the sh block above it."""
        above = None
        for block in self.page.blocks:
            if block.language == "text":
                self.test.assertIn(above, outputs, f"{block}: there is no sh block above it")
                self.compare_one(block, outputs[above])
            above = block

    def compare_one(self, block, output):
        at = 0
        for line in self.here(block.text).splitlines():
            pattern = ".*".join(re.escape(part) for part in line.rstrip().split("…"))
            found = re.compile(rf"^{pattern}[ ]*$", re.MULTILINE).search(output, at)
            self.test.assertIsNotNone(found, f"{block}: \"{line}\" is not printed, or not there:\n{output}")
            at = found.end()


class RunTest(unittest.TestCase):
    def run_page(self, name, **options):
        session = Session(self, Page(name))
        session.compare(session.run(**options))
        return session

    def test_tutorial(self):
        self.run_page("tutorial")

    def test_operations(self):
        self.run_page("operations")

    def test_security(self):
        self.run_page("security")

    def test_containers(self):
        self.run_page("containers")

    def test_reference(self):
        self.run_page("reference")

    # A sanitizer's build has no shared library, and wants its flags wherever it is linked.
    @unittest.skipUnless(LIBRARIES, "there is no libgossip.so")
    def test_embedding(self):
        folder = LIBRARIES[0].parent
        self.run_page("embedding", PKG_CONFIG_PATH=f"{folder}/pkgconfig", LD_LIBRARY_PATH=str(folder),
                      LIBGOSSIP=str(LIBRARIES[0]))

    @unittest.skipUnless(os.path.exists(SERF), "there is no serf to come from")
    def test_from_serf(self):
        self.run_page("from-serf")


class ConsoleTest(unittest.TestCase):
    """What cannot run here names flags, commands, keys and variables that there are."""

    def check_words(self, where, words):
        """One command: the first word that is one of our programs, and what follows it."""
        for at, word in enumerate(words):
            program = word.rsplit("/", 1)[-1]
            if program in ("gossipd", "gossipctl"):
                return self.check_flags(where, program, words[at + 1:])
        return None

    def check_flags(self, where, program, words):
        command = ""
        if program == "gossipctl":
            command = next((word for word in words if not word.startswith("-")), "")
            if command:
                self.assertIn(command, commands_of_gossipctl(), where)
        for word in words:
            if word == "--":
                break
            named = re.fullmatch(r"--?([a-z][a-z0-9-]*)(?:=.*)?", word)
            if named and named[1] not in ("help", "version"):
                self.assertIn(named[1], flags_of(program, command), f"{where}: {program} {command} {word}")

    def check_command(self, where, command):
        parts = shlex.shlex(command, posix=True, punctuation_chars=True)
        parts.wordchars += "$%{},@…"
        words = []
        for word in parts:
            if set(word) <= set(";&|()"):
                self.check_words(where, words)
                words = []
            else:
                words.append(word)
        self.check_words(where, words)

    def test_commands(self):
        for page in pages():
            for block in page.in_language("console"):
                with self.subTest(block=str(block)):
                    commands = block.commands()
                    self.assertTrue(commands, "no line has a prompt")
                    checked = subprocess.run(["bash", "-n", "-c", "\n".join(commands)], capture_output=True, text=True)
                    self.assertEqual((checked.returncode, checked.stderr), (0, ""))
                    for command in commands:
                        self.check_command(str(block), command)

    def test_flags_in_prose(self):
        ours = flags_of("gossipd").union(*(flags_of("gossipctl", command) for command in commands_of_gossipctl()))
        for page in pages():
            for code in re.findall(r"`([^`\n]+)`", page.prose):
                for flag in re.findall(r"(?:^| )--([a-z][a-z0-9-]+)", code):
                    if re.match(r"gossipd|gossipctl|--", code):
                        with self.subTest(page=page.name, code=code):
                            self.assertIn(flag, ours)

    def test_variables(self):
        ours = {"GOSSIP_" + key.upper().replace(".", "_") for key in keys_of_gossipd()}
        ours |= {f"GOSSIP_{name}" for name in ("CONFIG_FILE", "CONFIG_DIR", "BUILD_TESTS")}
        # What event handlers are given, of tags ROLE for example.
        ours |= {f"GOSSIP_{name}" for name in ("EVENT", "SELF_NAME", "SELF_ROLE", "USER_EVENT", "USER_LTIME",
                                               "QUERY_NAME", "QUERY_LTIME", "TAG_ROLE", "TAG_NAME")}
        # The enumerators of gossip.h.
        header = (ROOT / "core/include/gossip/gossip.h").read_text()
        ours |= set(re.findall(r"\b(GOSSIP_[A-Z_]+) = \d", header))
        for page in pages():
            with self.subTest(page=page.name):
                used = set(re.findall(r"\bGOSSIP_[A-Z_]*[A-Z]\b(?!_)", page.text))
                self.assertEqual(used - ours, set())


    def test_the_reference_has_every_key(self):
        named = set(re.findall(r"`([a-z_.0-9]+)`", Page("reference").prose))
        self.assertEqual({key for key in keys_of_gossipd() if not key.startswith("swim.")} - named, set())


class SnippetTest(unittest.TestCase):
    def test_toml_is_a_configuration(self):
        for page in pages():
            for block in page.in_language("toml"):
                with self.subTest(block=str(block)), tempfile.TemporaryDirectory(prefix="gd-") as folder:
                    self.check_toml(block, pathlib.Path(folder))

    def check_toml(self, block, folder):
        key = run(GOSSIPCTL, "keygen").stdout
        for name, text in (("gossip.key", key), ("rpc.token", "secret\n"), ("keyring.json", json.dumps([key.strip()]))):
            (folder / name).write_text(text)
            (folder / name).chmod(0o600)
        text = block.text.replace("/etc/gossipd/", f"{folder}/").replace("/var/lib/gossipd/", f"{folder}/")
        (folder / "page.toml").write_text(text)
        done = run(GOSSIPD, "--check-config", "--config-file", str(folder / "page.toml"))
        self.assertEqual((done.stdout, done.stderr), ("The configuration is fine.\n", ""))

    def test_units_and_json_parse(self):
        for page in pages():
            for block in page.in_language("ini"):
                with self.subTest(block=str(block)):
                    parser = configparser.RawConfigParser(strict=False)
                    parser.optionxform = str
                    parser.read_string(block.text)
                    self.assertTrue(parser.sections())
            for block in page.in_language("json"):
                with self.subTest(block=str(block)):
                    json.loads(block.text)


if __name__ == "__main__":
    unittest.main()
