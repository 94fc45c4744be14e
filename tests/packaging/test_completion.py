"""Completions, by really completing in bash, zsh and fish; names come from agents that run.

Addresses: 127.0.52.60 to .79.
"""

import os
import shutil
import subprocess
import time
import unittest

from installed import AgentTest, GOSSIPCTL, LIMIT_S, SHARE, environment, wait_until

BASH = r"""
[[ $PLAIN ]] || source /usr/share/bash-completion/bash_completion
source "$SCRIPT"
COMP_LINE=$LINE COMP_POINT=${#LINE} COMP_TYPE=9 COMP_KEY=9
# Broken into words as readline does it: at blanks, and at the characters of COMP_WORDBREAKS, which are words.
mapfile -t COMP_WORDS < <(python3 - "$LINE" <<'END'
import re, sys
line = sys.argv[1]
words = re.findall(r'[=:]+|(?:\\.|[^\s=:])+', line)
print("\n".join(words + ([""] if line[-1] in " =:" else [])))
END
)
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { :; }
function=$(complete -p "${COMP_WORDS[0]}" | sed 's/.*-F \([^ ]*\).*/\1/')
"$function" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""

# A terminal of zsh's own, in which a line is typed and completed. What would be offered is printed between marks
# instead, by a compadd that looks and adds nothing.
ZSH_INSIDE = r"""
PROMPT=
fpath=($FOLDER $fpath)
autoload -Uz compinit && compinit -u -D
zstyle ':completion:*' insert-tab false
bindkey '^I' complete-word
mark() { print -rn -- "<MARK>" }
compprefuncs=(mark)
comppostfuncs=(mark exit)
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a hits
  builtin compadd -O hits "$@"
  (( $#hits )) && print -rl -- $hits
  return $(( $#hits == 0 ))
}
print READY'!'
"""
ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "source $INSIDE"
zpty -r shell out '*READY!*'
zpty -w -n shell "$LINE"$'\t'
zpty -r shell out '*<MARK>*<MARK>*'
out=${out#*<MARK>}
print -r -- "${out%%<MARK>*}"
zpty -d shell
"""


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed: its completions are not tried")


class Completing:
    """The same questions for every shell."""

    def offered(self, line):
        raise NotImplementedError

    def complete(self, line):
        return sorted(word.strip() for word in self.offered(line) if word.strip())

    def pair(self):
        first = self.start("alpha", "--bind=127.0.52.60", "--tag=role=db", "--tag=zone=a")
        self.start("beta-1", "--bind=127.0.52.61", "--join=127.0.52.60", "--tag=port=80")
        wait_until("both are there", lambda: len(self.members("alpha")) == 2)
        return first

    def test_commands(self):
        self.assertEqual(self.complete("gossipctl mem"), ["members"])
        found = self.complete("gossipctl ")
        self.assertIn("force-leave", found)
        self.assertNotIn("complete", found)
        self.assertEqual(self.complete("gossipctl xyz"), [])

    def test_flags_of_a_command(self):
        self.assertEqual(self.complete("gossipctl members --det"), ["--detailed"])
        self.assertEqual(self.complete("gossipctl query --re"), ["--relay-factor", "--require"])

    def test_values_of_flags(self):
        self.assertEqual(self.complete("gossipctl members --status l"), ["leaving", "left"])
        self.assertEqual(self.complete("gossipctl info --format "), ["json", "text"])
        self.assertEqual(self.complete("gossipctl keys r"), ["rotate"])

    def test_flags_and_values_of_the_daemon(self):
        self.assertIn("--retry-join", self.complete("gossipd --retry-"))
        self.assertEqual(self.complete("gossipd --profile l"), ["lan", "local"])
        self.assertIn("lo", self.complete("gossipd --iface l"))

    def test_names_of_members(self):
        self.pair()
        at = f"--rpc-addr {self.path('alpha.sock')}"
        self.assertEqual(self.complete(f"gossipctl members {at} --near "), ["alpha", "beta-1"])
        self.assertEqual(self.complete(f"gossipctl members {at} --name a"), ["alpha"])
        self.assertEqual(self.complete(f"gossipctl query {at} --node be"), ["beta-1"])

    def test_names_to_force_out_are_those_of_members_that_are_gone(self):
        self.start("alpha", "--bind=127.0.52.60", "--profile=local")
        beta = self.start("beta-1", "--bind=127.0.52.61", "--join=127.0.52.60")
        wait_until("both are there", lambda: len(self.members("alpha")) == 2)
        at = f"--rpc-addr {self.path('alpha.sock')}"
        self.assertEqual(self.complete(f"gossipctl force-leave {at} "), [])
        beta.kill()
        wait_until("one has failed", lambda: self.status("alpha", "beta-1") == "failed")
        self.assertEqual(self.complete(f"gossipctl force-leave {at} "), ["beta-1"])

    def test_names_of_tags(self):
        self.pair()
        at = f"--rpc-addr {self.path('alpha.sock')}"
        self.assertEqual([w.rstrip("=") for w in self.complete(f"gossipctl members {at} --tag ")],
                         ["port", "role", "zone"])
        self.assertEqual(self.complete(f"gossipctl tags {at} --delete "), ["role", "zone"])

    def test_without_an_agent_there_are_no_names(self):
        self.assertEqual(self.complete(f"gossipctl members --rpc-addr {self.path('nobody.sock')} --near "), [])

    def environment(self, **more):
        folder = os.path.dirname(GOSSIPCTL)
        return environment(HOME=self.folder, PATH=f"{folder}:{os.environ['PATH']}", **more)


@needs("bash")
class BashTest(Completing, AgentTest):
    plain = ""

    def offered(self, line):
        name = line.split()[0]
        script = SHARE / "bash-completion" / "completions" / name
        done = subprocess.run(["bash", "--norc", "-c", BASH], capture_output=True, text=True, timeout=LIMIT_S,
                              env=self.environment(SCRIPT=str(script), LINE=line, PLAIN=self.plain))
        self.assertEqual(done.stderr, "")
        return done.stdout.split("\n")

    def test_a_value_behind_an_equals_sign(self):
        self.pair()
        self.assertEqual(self.complete("gossipctl members --status=l"), ["leaving", "left"])
        self.assertEqual(self.complete(f"gossipctl members --rpc-addr={self.path('alpha.sock')} -name=al"), ["alpha"])

    def test_a_list_with_commas(self):
        self.assertEqual(self.complete("gossipctl monitor --events user,member-j"), ["user,member-join"])

    def test_a_name_that_a_shell_would_take_apart(self):
        self.start("with space", "--bind=127.0.52.62")
        found = self.complete(f"gossipctl members --rpc-addr {self.path('with space.sock')}".replace(
            "with space", "with\\ space") + " --near w")
        self.assertEqual(found, ["with\\ space"])

    def test_a_shell_without_bash_completion(self):
        self.plain = "yes"
        self.pair()
        self.assertEqual(self.complete("gossipctl rel"), ["reload"])
        self.assertEqual(self.complete(f"gossipctl members --rpc-addr {self.path('alpha.sock')} --name al"), ["alpha"])
        self.assertEqual(self.complete("gossipctl --rpc-addr 127.0.0.1:7373 rel"), ["reload"])
        self.assertEqual(self.complete("gossipctl members --status=l"), ["leaving", "left"])
        self.write("one.toml", "")
        self.assertEqual(self.complete(f"gossipd --config-file {self.path('one.t')}"), [self.path("one.toml")])
        self.assertEqual(self.complete(f"gossipctl event deploy @{self.path('one.t')}"), ["@" + self.path("one.toml")])

    def test_nothing_that_is_typed_is_run(self):
        self.complete(f"gossipctl members --name '$(touch {self.path('trap')})'")
        self.complete(f"gossipctl members --name $(touch {self.path('trap')})")
        self.complete(f"gossipctl --rpc-addr `touch {self.path('trap')}` force-leave x")
        self.assertFalse(os.path.exists(self.path("trap")))


@needs("zsh")
class ZshTest(Completing, AgentTest):
    def offered(self, line):
        done = subprocess.run(["zsh", "-f", "-c", ZSH], capture_output=True, text=True, timeout=LIMIT_S,
                              env=self.environment(FOLDER=str(SHARE / "zsh" / "vendor-completions"), LINE=line,
                                                   INSIDE=self.write("inside.zsh", ZSH_INSIDE)))
        return done.stdout.replace("\r", "").split("\n")


@needs("fish")
class FishTest(Completing, AgentTest):
    def offered(self, line):
        folder = SHARE / "fish" / "vendor_completions.d"
        scripts = f"source {folder}/gossipd.fish; source {folder}/gossipctl.fish"
        done = subprocess.run(["fish", "--no-config", "-c", f"{scripts}; complete -C $argv[1]", line],
                              capture_output=True, text=True, timeout=LIMIT_S, env=self.environment())
        self.assertEqual(done.stderr, "")
        return [row.split("\t")[0] for row in done.stdout.split("\n")]


if __name__ == "__main__":
    unittest.main()
