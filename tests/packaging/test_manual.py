"""The manual: there for both programs, the configuration and every command, whole, and as man wants it."""

import os
import re
import subprocess
import unittest

from installed import GOSSIPCTL, GOSSIPD, LIMIT_S, SHARE, generated, output


def text_of(page):
    shown = output("man", "-l", str(page), env={**os.environ, "MANWIDTH": "200", "LC_ALL": "C.UTF-8"})
    return re.sub(r".\x08", "", shown).replace("‐", "-")


class ManualTest(unittest.TestCase):
    def pages(self):
        found = sorted((SHARE / "man").glob("man*/*"))
        self.assertGreater(len(found), 15)
        return found

    def test_a_page_for_every_command_that_the_help_lists(self):
        helped = re.findall(r"^  ([a-z-]+) +[A-Z]", output(GOSSIPCTL, "--help"), re.MULTILINE)
        self.assertEqual(sorted(helped), generated("commands").split())
        names = {page.name for page in self.pages()}
        self.assertEqual(names, {"gossipd.8", "gossipd.toml.5", "gossipctl.1"} |
                         {f"gossipctl-{name}.1" for name in helped})

    def test_the_pages_are_as_man_wants_them(self):
        for page in self.pages():
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", str(page)], capture_output=True,
                                  text=True, timeout=LIMIT_S)
            # scdoc begins a paragraph wherever one could begin; no reader sees those that are empty.
            self.assertEqual([line for line in done.stdout.splitlines() if "skipping paragraph macro" not in line], [])
            done = subprocess.run(["man", "--warnings", "-l", "-E", "UTF-8", "-Tutf8", "-Z", str(page)],
                                  capture_output=True, text=True, timeout=LIMIT_S,
                                  env={**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": ""})
            self.assertEqual((done.stderr, done.returncode), ("", 0), page.name)

    def test_every_flag_stands_in_the_page_of_its_program(self):
        pages = {"gossipd": (GOSSIPD, SHARE / "man/man8/gossipd.8")}
        for name in generated("commands").split():
            if name != "agent":
                pages[name] = (GOSSIPCTL, SHARE / f"man/man1/gossipctl-{name}.1")
        for name, (program, page) in pages.items():
            words = [program] + ([] if name == "gossipd" else [name]) + ["--help"]
            flags = re.findall(r"^\s+(?:-h,)?(--[a-z0-9-]+)", output(*words), re.MULTILINE)
            self.assertIn("--help", flags)
            text = text_of(page)
            for flag in flags:
                self.assertRegex(text, rf"(?m)^\s+{flag}\b", name)

    def test_every_key_is_in_the_page_of_the_configuration(self):
        text = text_of(SHARE / "man/man5/gossipd.toml.5")
        sample = (SHARE / "gossipd/gossipd.toml").read_text()
        keys = set(re.findall(r"^#?([a-z_.0-9]+) = ", sample, re.MULTILINE))
        self.assertGreater(len(keys), 40)
        for key in keys:
            self.assertRegex(text, rf"(?m)^\s+{re.escape(key)}$")

    def test_nothing_is_left_to_be_filled_in(self):
        for page in self.pages():
            self.assertNotRegex(page.read_text(), "@[A-Z]+@")


if __name__ == "__main__":
    unittest.main()
