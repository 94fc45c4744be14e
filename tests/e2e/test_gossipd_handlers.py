"""gossipd's event handlers: what they are given, in which order, and that none of them can hold up the agent.

Addresses: 127.0.45.60 to .79.
"""

import os
import pathlib
import re
import signal
import stat
import unittest

from gossipd_agent import AgentTest, LIMIT_S, run, wait_until
from rpc_agent import Client


def alive(pid):
    """Whether a process runs; a zombie that nobody has buried does not."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):  # gone before the file was opened, or before it was read
        return False


class HandlerTest(AgentTest):
    def script(self, name, *lines):
        path = self.write(name, "#!/bin/sh\n" + "\n".join(lines) + "\n")
        os.chmod(path, stat.S_IRWXU)
        return path

    def text(self, name):
        path = pathlib.Path(self.path(name))
        return path.read_text() if path.exists() else ""

    def pid(self, name):
        return int(wait_until(f"a process number in {name}",
                              lambda: self.text(name).endswith("\n") and self.text(name)))

    def section(self, name, wanted):
        """A section of the agent's figures."""
        shown = self.ctl(name, "info").stdout
        found = re.search(rf"^{wanted}:\n((?:[ \t].*\n)*)", shown, re.MULTILINE)
        pairs = (line.strip().split(" = ", 1) for line in found.group(1).splitlines()) if found else ()
        return dict(pair if len(pair) == 2 else (pair[0], "") for pair in pairs)


class WhatHandlersGetTest(HandlerTest):
    def test_the_member_events_of_a_life(self):
        script = self.script("h.sh", "printf '%s\\n' \"$SERF_EVENT/$GOSSIP_EVENT by $SERF_SELF_NAME ($SERF_SELF_ROLE)"
                                     f" $SERF_TAG_MY_TAG: $(tr '\\t' '|')\" >> {self.path('out')}")
        one = self.start("one", "--bind=127.0.45.60", "--tag=role=web", "--tag=my-tag=1", "--profile=local",
                         f"--event-handler={script}")
        who = "by one (web) 1: "
        wait_until("our own join", lambda: f"member-join/member-join {who}one|127.0.45.60|web|" in self.text("out"))
        two = self.start("two", "--bind=127.0.45.61", "--tag=role=a\tb", "--join=127.0.45.60", "--profile=local")
        wait_until("a join", lambda: f"member-join/member-join {who}two|127.0.45.61|a\\tb|role=a\\tb" in
                   self.text("out"))
        self.assertEqual(self.ctl("two", "tags", "--set", "role=db").returncode, 0)
        wait_until("an update", lambda: f"member-update/member-update {who}two|127.0.45.61|db|role=db" in
                   self.text("out"))
        two.kill()
        wait_until("a failure", lambda: f"member-failed/member-failed {who}two|" in self.text("out"))
        self.assertEqual(self.ctl("one", "force-leave", "two").returncode, 0)
        wait_until("a leave", lambda: f"member-leave/member-leave {who}two|" in self.text("out"))
        self.assertEqual(self.ctl("one", "force-leave", "--prune", "two").returncode, 0)
        wait_until("a reap", lambda: f"member-reap/member-reap {who}two|" in self.text("out"))
        one.send_signal(signal.SIGINT)
        self.assertEqual(one.wait(LIMIT_S), 0)
        # Nothing is held back when the agent leaves, and the handler is given time.
        self.assertIn(f"member-leave/member-leave {who}one|127.0.45.60|web|", self.text("out"))

    def test_a_handler_has_pipes_a_group_and_no_file_of_ours(self):
        script = self.script("h.sh", "echo to-stderr > /dev/stderr", "echo $(ps -o pgid= -p $$) > " + self.path("group"),
                             "cat /dev/stdin > " + self.path("in"),
                             "ls -l /proc/$$/fd | grep -c -e socket -e gossipd.*sock > " + self.path("sockets"), "true")
        one = self.start("one", "--bind=127.0.45.62", "--event-handler=member-join=" + script, "--log-level=debug")
        self.logged("one", "[DEBUG] agent: Event 'member-join' script errors: to-stderr")
        self.assertTrue(self.text("in").startswith("one\t"))
        self.assertEqual(self.text("sockets"), "0\n")
        self.assertNotEqual(int(self.text("group")), os.getpgid(one.pid))

    def test_user_events_that_may_be_gathered_are_unless_that_is_off(self):
        every_one = self.write("a.toml", "coalesce_events = false\n")
        for name, ip, flags, heard in (("gathers", 74, (), "three\n"),
                                       ("tells", 75, ("--config-file", every_one), "one\ntwo\nthree\n")):
            self.start(name, f"--bind=127.0.45.{ip}", f"--event-handler=user=cat >> {self.path(name)}", *flags)
            client = Client(self.path(f"{name}.sock"))
            self.addCleanup(client.close)
            client.send_together(*[("event", {"Name": "deploy", "Payload": payload, "Coalesce": 1})
                                   for payload in (b"one", b"two", b"three")])
            wait_until("the last one is heard", lambda n=name: "three\n" in self.text(n))
            self.assertEqual(self.text(name), heard)

    def test_a_query_is_answered_by_the_first_handler_that_has_an_answer(self):
        self.start("one", "--bind=127.0.45.76", "--event-handler=query:load=true",
                   f"--event-handler=query:load=while [ ! -e {self.path('go')} ]; do sleep 0.02; done; echo second",
                   "--event-handler=query:load=echo \"$SERF_QUERY_NAME at $SERF_QUERY_LTIME: $(cat)\"")
        shown = self.ctl("one", "query", "--timeout=1h", "load", "now?").stdout
        self.assertIn("Response from 'one': load at 1: now?\n", shown)
        self.assertIn("1 of 1 answered", shown)
        self.write("go", "")
        self.logged("one", "response already sent")


class LimitsTest(HandlerTest):
    def test_a_slow_handler_holds_up_nobody(self):
        quick = self.script("quick.sh", "echo $SERF_EVENT >> " + self.path("quick"))
        self.start("one", "--bind=127.0.45.63", "--event-handler=member-join=sleep 600",
                   "--event-handler=" + quick)
        self.logged("one", "[WARN] agent: Script 'sleep 600' slow, execution exceeding 1s")
        wait_until("the quick one has run", lambda: self.text("quick") == "member-join\n")
        self.assertEqual(self.ctl("one", "tags", "--set", "a=1").returncode, 0)
        wait_until("the next event", lambda: self.text("quick") == "member-join\nmember-update\n")
        wait_until("only the slow one runs", lambda: self.section("one", "handlers")["running"] == "1")

    def test_runs_of_one_handler_follow_the_order_of_events(self):
        slow = self.script("slow.sh", f"echo begin $SERF_TAG_N >> {self.path('out')}", "sleep 0.3",
                           f"echo end $SERF_TAG_N >> {self.path('out')}")
        with_no_batches = self.write("a.toml", "coalesce_members = false\n")
        self.start("one", "--bind=127.0.45.64", "--config-file", with_no_batches,
                   "--event-handler=member-update=" + slow)
        for n in range(4):
            self.assertEqual(self.ctl("one", "tags", "--set", f"n={n}").returncode, 0)
        wait_until("four runs", lambda: self.text("out").count("end") == 4)
        marks = [line.split()[0] for line in self.text("out").splitlines()]
        self.assertEqual(marks, ["begin", "end"] * 4)

    def test_the_time_limit_ends_the_whole_group(self):
        script = self.script("h.sh", "trap '' TERM", "sh -c 'echo $$ > " + self.path("child") + "; sleep 600; true' &",
                             "echo said before", "wait", "sleep 600")
        self.start("one", "--bind=127.0.45.65", "--event-handler=member-join=" + script, "--handler-timeout=1s")
        child = self.pid("child")
        self.logged("one", f"[ERR] agent: Error invoking script '{script}': timed out after 1s")
        self.assertIn("[WARN] agent: Event 'member-join' script output: said before", self.log("one"))
        wait_until("the child is gone", lambda: not alive(child))
        self.assertEqual(self.section("one", "handlers")["timed_out"], "1")

    def test_the_time_limit_says_nothing_of_a_background_that_is_not_there(self):
        self.start("one", "--bind=127.0.45.67", "--event-handler=member-join=while :; do :; done", "--handler-timeout=1s")
        self.logged("one", "timed out after 1s\n")

    def test_something_in_the_background_that_holds_the_output(self):
        self.start("one", "--bind=127.0.45.66", "--handler-timeout=1s",
                   f"--event-handler=sleep 600 & echo $! > {self.path('child')}")
        child = self.pid("child")
        self.logged("one", "timed out after 1s, something in its background held its output open")
        wait_until("it is gone", lambda: not alive(child))
        self.assertEqual(self.ctl("one", "tags", "--set", "a=1").returncode, 0)
        wait_until("the next event is handled", lambda: self.section("one", "handlers")["runs"] == "2")

    def test_a_full_queue_drops_the_oldest_and_says_so_once(self):
        config = self.write("a.toml", "coalesce_members = false\n")
        script = self.script("h.sh", f"echo $SERF_EVENT $(cut -f4) >> {self.path('out')}",
                             f"while [ ! -e {self.path('go')} ]; do sleep 0.02; done")
        self.start("one", "--bind=127.0.45.67", "--config-file", config, "--handler-queue=2",
                   "--event-handler=" + script)
        wait_until("a run", lambda: self.text("out"))
        for n in range(6):
            self.assertEqual(self.ctl("one", "tags", "--set", f"n={n}").returncode, 0)
        wait_until("six events", lambda: self.log("one").count("Received event: member-update") == 6)
        self.assertEqual(self.section("one", "handlers")["events_dropped"], "4")
        self.assertEqual(self.log("one").count("dropping the oldest"), 1)
        self.write("go", "")
        wait_until("the newest are handled", lambda: self.text("out").count("\n") == 3)
        self.assertEqual(self.text("out").splitlines()[1:], ["member-update n=4", "member-update n=5"])

    def test_what_a_handler_says_is_kept_to_its_end(self):
        self.start("one", "--bind=127.0.45.68", "--log-level=debug",
                   "--event-handler=head -c 20000 /dev/zero | tr '\\0' x; echo end; echo why >&2; exit 3")
        self.logged("one", "exit status 3")  # the last of its lines
        log = self.log("one")
        self.assertIn("generated 20004 bytes of output, truncated to 8192", log)
        self.assertIn("'member-join' script errors: why", log)
        self.assertEqual(self.section("one", "handlers")["failed"], "1")

    def test_a_handler_that_does_not_read_is_no_error(self):
        tags = [f"--tag=t{i}={'x' * 60}" for i in range(7)]
        self.start("one", "--bind=127.0.45.69", *tags, "--log-level=debug",
                   "--event-handler=exec <&-; sleep 0.1; echo went well")
        self.logged("one", "[DEBUG] agent: Event 'member-join' script output: went well")
        self.assertEqual(self.section("one", "handlers")["failed"], "0")
        self.assertNotIn("[ERR]", self.log("one"))


class EndTest(HandlerTest):
    def start_with_a_hung_handler(self, address):
        script = self.script("h.sh", "trap '' TERM HUP INT",
                             "sh -c 'echo $$ > " + self.path("child") + "; sleep 600; true' >/dev/null 2>&1 &",
                             "echo $$ > " + self.path("shell"), "while :; do sleep 600; done")
        left = self.script("left.sh", "sleep 600 >/dev/null 2>&1 </dev/null &", f"echo $! > {self.path('left')}")
        one = self.start("one", "--bind=" + address, "--event-handler=" + script, "--event-handler=" + left)
        processes = [self.pid("child"), self.pid("shell"), self.pid("left")]
        wait_until("the second handler is over", lambda: self.section("one", "handlers")["running"] == "1")
        self.assertTrue(all(alive(p) for p in processes))
        return one, processes

    def test_handlers_end_with_the_agent(self):
        one, processes = self.start_with_a_hung_handler("127.0.45.70")
        one.terminate()
        self.assertEqual(one.wait(LIMIT_S), 0)
        wait_until("all are gone", lambda: not any(alive(p) for p in processes))

    def test_handlers_end_with_the_agent_however_it_ends(self):
        one, processes = self.start_with_a_hung_handler("127.0.45.71")
        one.kill()
        one.wait()
        wait_until("all are gone", lambda: not any(alive(p) for p in processes))


class ConfigurationTest(HandlerTest):
    def test_a_handler_that_is_none_says_what_it_was_taken_for(self):
        done = run("--bind=127.0.45.72", "--rpc-addr", self.path("x.sock"), "--event-handler=A=1 ./x.sh")
        self.assertEqual(done.returncode, 1)
        self.assertIn('gossipd: --event-handler: Invalid event script: "A" stands before the first "="', done.stderr)
        self.assertIn('"*=A=1 ./x.sh"', done.stderr)
        done = run("--handler-timeout=1ms", "--check-config")
        self.assertEqual(done.stderr, "gossipd: --handler-timeout: 1ms is too short, at least 1s\n")
        done = run("--handler-queue=0", "--check-config")
        self.assertEqual(done.stderr, "gossipd: --handler-queue: must be between 1 and 65536\n")

    def test_a_reload_replaces_handlers(self):
        old = (f"echo begin >> {self.path('old')}; while [ ! -e {self.path('go')} ]; do sleep 0.02; done; "
               f"echo end >> {self.path('old')}")
        file = self.write("a.json", '{"event_handlers": ["member-join=%s", "member-update=true"]}' % old)
        one = self.start("one", "--bind=127.0.45.73", "--config-file", file)
        wait_until("a run", lambda: self.text("old"))
        self.write("a.json", '{"event_handlers": ["user:deploy=true", "echo new >> %s"]}' % self.path("new"))
        one.send_signal(signal.SIGHUP)
        wait_until("the new handlers", lambda: self.section("one", "event_handlers") ==
                   {"*:": f"echo new >> {self.path('new')}", "user:deploy": "true"})
        self.assertNotIn("restart", self.log("one"))
        self.write("go", "")
        wait_until("the old run finishes", lambda: self.text("old") == "begin\nend\n")
        self.assertEqual(self.ctl("one", "tags", "--set", "a=1").returncode, 0)
        wait_until("the new handler runs", lambda: self.text("new") == "new\n")

        self.write("a.json", '{"event_handlers": ["bogus=x"]}')
        one.send_signal(signal.SIGHUP)
        self.logged("one", f'nothing reloaded: {self.path("a.json")}:1:21: event_handlers: Invalid event script: "bogus"')
        self.assertIn("*:", self.section("one", "event_handlers"))


if __name__ == "__main__":
    unittest.main()
