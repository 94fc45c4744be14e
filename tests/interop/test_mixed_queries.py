"""Queries in a mixed cluster of six: asked by either side, answered by handlers and over RPC on either side."""

import concurrent.futures
import json
import re

from agents import wait_until
from six_agents import NAMES, NETS, SixTest, run

HANDLED = ("serf-0", "gossipd-1")  # answer by a handler
REMOTE = ("serf-2", "gossipd-3")   # answer over RPC
MUTE = ("serf-4", "gossipd-5")     # have no answer
ROLES = {"serf-0": "web", "gossipd-1": "web", "serf-2": "west", "gossipd-3": "west", "serf-4": "db", "gossipd-5": "db"}
ANSWERS = {**{name: f"{name} up\n" for name in HANDLED}, **{name: f"{name} over RPC" for name in REMOTE}}
# Serf takes the whole time of a query; gossipd ends one when all have answered or declined.
PATIENCE = {"serf": "5s", "gossipd": "10s"}
# Agents that ask, and whose client asks them: their own or the other side's.
SIDES = (("serf-0", None), ("gossipd-1", None), ("serf-0", "gossipd-1"), ("gossipd-1", "serf-0"))


class QueryTest(SixTest):
    net = NETS["queries"]

    @classmethod
    def start_cluster(cls):
        flags = {name: [f"-tag=role={role}"] for name, role in ROLES.items()}
        for name in HANDLED:
            flags[name].append(f"-event-handler=query:uptime=echo {name} up")
        for name in MUTE:
            flags[name] += ["-event-handler=query:slow=sleep 0.3",
                            "-event-handler=query:big=head -c 2000 /dev/zero | tr '\\0' x"]
        cls.cluster.start_all(flags)
        for name in REMOTE:
            cls.cluster.record(name, answers={"uptime": ANSWERS[name].encode()})

    def asked(self, asker, by):
        """The agent `asker`, asked by its own client or that of `by`'s kind."""
        return self.agent[asker].asked_by(type(self.agent[by or asker]))

    def query(self, asker, *args, by=None, code=0, timeout=None):
        timeout = f"-timeout={timeout or PATIENCE[type(self.agent[asker]).kind]}"
        shown = self.asked(asker, by).ask("query", timeout, *args, check=False)
        self.assertEqual(shown.returncode, code, shown.stdout + shown.stderr)
        return shown

    def shown(self, asker, *args, **how):
        return json.loads(self.query(asker, "-format=json", *args, **how).stdout)

    def patiently(self, check, *case):
        """A query is sent once, and Serf ends it by time alone: one that is lost or late is asked again."""
        for _ in range(4):
            try:
                return check(*case)
            except AssertionError:
                pass
        return check(*case)

    def side_by_side(self, cases, check):
        """Each (asker, whose client, flags), at the same time."""
        with concurrent.futures.ThreadPoolExecutor(len(cases)) as threads:
            list(threads.map(lambda case: self.patiently(check, *case), cases))

    def lines(self, name):
        return self.agent[name].log().splitlines()

    def test_text(self):
        acks = [f"Ack from '{name}'" for name in NAMES]
        answers = [f"Response from '{name}': {text}".rstrip() for name, text in ANSWERS.items()]
        cases = [("serf-4", None, ()), ("gossipd-5", None, ()), ("serf-4", "gossipd-5", ()), ("gossipd-5", "serf-4", ())]

        def check(asker, by, _):
            lines = self.query(asker, "uptime", "how long?", by=by).stdout.splitlines()
            self.assertEqual(lines[0], "Query 'uptime' dispatched")
            self.assertEqual(sorted(lines[1:11]), sorted(acks + answers), (asker, by))
            summary = ["4 of 6 answered, 1 declined, 1 silent: serf-4"] if (asker, by) == ("gossipd-5", None) else []
            self.assertEqual(lines[11:], ["Total Acks: 6", "Total Responses: 4", *summary], (asker, by))

        self.side_by_side(cases, check)

    def test_json(self):
        some = ("-no-ack", "-node=serf-2", "-node=gossipd-3")
        cases = [(asker, by, flags) for asker, by in SIDES for flags in ((), some)]

        def check(asker, by, flags):
            shown = self.shown(asker, *flags, "uptime", by=by)
            acks, answers = ([], {n: ANSWERS[n] for n in REMOTE}) if flags else (sorted(NAMES), ANSWERS)
            self.assertEqual((sorted(shown["Acks"] or []), shown["Responses"]), (acks, answers), (asker, by))

        self.side_by_side(cases, check)

    def test_the_payload_arrives(self):
        for asker, payload in (("serf-0", "from serf"), ("gossipd-1", "from gossipd")):
            self.query(asker, *[f"-node={name}" for name in REMOTE], "uptime", payload)
            for name in REMOTE:
                wait_until(f"{name} was asked {payload}", lambda n=name, p=payload: any(
                    r["Event"] == "query" and r["Name"] == "uptime" and r["Payload"] == p.encode()
                    for r in list(self.heard[n].records)))

    def test_who_is_asked_is_filtered_by_each_side(self):
        matches = {("-node=serf-0", "-node=gossipd-3", "-node=nobody"): ["gossipd-3", "serf-0"],
                   ("-tag=role=we",): ["gossipd-1", "gossipd-3", "serf-0", "serf-2"],
                   ("-tag=role=^(web|db)$",): ["gossipd-1", "gossipd-5", "serf-0", "serf-4"],
                   ("-tag=role=west", "-node=serf-2", "-node=serf-4"): ["serf-2"],
                   ("-tag=absent=^$", "-node=gossipd-5"): ["gossipd-5"],
                   ("-tag=role=nothing",): []}
        cases = [(asker, None, flags) for asker in ("serf-0", "gossipd-1") for flags in matches]

        def check(asker, by, flags):
            shown, names = self.shown(asker, *flags, "uptime", by=by), matches[flags]
            self.assertEqual(sorted(shown["Acks"] or []), names, (asker, flags))
            self.assertEqual(shown["Responses"], {n: ANSWERS[n] for n in names if n in ANSWERS}, (asker, flags))

        self.side_by_side(cases, check)

    def test_a_pattern_that_does_not_compile(self):
        """Serf sends it, and nobody answers; gossipd refuses it with RE2's reason."""
        shown = self.shown("serf-0", "-tag=role=(", "uptime", timeout="500ms")
        self.assertEqual((shown["Acks"] or [], shown["Responses"]), ([], {}))
        refused = self.query("gossipd-1", "-tag=role=(", "uptime", code=1)
        self.assertIn("missing )", refused.stderr)
        refused = self.query("gossipd-1", "-tag=role=(", "uptime", by="serf-0", code=1)
        self.assertIn("missing )", refused.stdout)

    def test_an_early_end(self):
        """Asked of gossipd a query ends with the last answer, also of Serf's members, and with Serf's client."""
        some = [f"-node={name}" for name in NAMES if name != "serf-4"]
        shown = self.shown("gossipd-5", "uptime", *some, timeout="1h")
        self.assertEqual((sorted(shown["Acks"]), shown["Responses"]),
                         (sorted(set(NAMES) - {"serf-4"}), ANSWERS))
        self.assertEqual(shown["Summary"], {"Asked": 5, "Answered": 4, "Declined": 1, "Silent": []})
        # Serf's client takes flags first.
        shown = self.shown("gossipd-5", *some, "uptime", by="serf-4", timeout="1h")
        self.assertEqual(shown["Responses"], ANSWERS)

    def test_serf_ignores_the_word_that_no_answer_will_follow(self):
        """The bit 0x100 comes in a first ack, where nobody is there to answer, or in a second one later."""
        def warnings():
            return [entry for entry in self.lines("serf-0") if re.search(r"\[(WARN|ERR)\] serf: .*[Qq]uery", entry)]

        for name, acks in (("nobody-knows", 1), ("slow", 2)):
            line = "[DEBUG] serf: messageQueryResponseType: gossipd-5"
            before = warnings()
            got = sum(line in entry for entry in self.lines("serf-0"))
            shown = self.query("serf-0", "-node=gossipd-5", "-node=serf-4", name).stdout
            self.assertEqual(sorted(shown.splitlines()),
                             sorted([f"Query '{name}' dispatched", "Ack from 'gossipd-5'", "Ack from 'serf-4'",
                                     "Total Acks: 2", "Total Responses: 0"]))
            wait_until("its log", lambda g=got, a=acks: sum(line in e for e in self.lines("serf-0")) == g + a)
            self.assertEqual(warnings(), before)
            # The same word, said to one that understands it.
            summary = self.shown("gossipd-1", "-node=gossipd-5", name, timeout="1h")["Summary"]
            self.assertEqual(summary, {"Asked": 1, "Answered": 0, "Declined": 1, "Silent": []})

    def test_an_answer_that_is_too_large(self):
        """Neither sends it, both say so in their logs; a gossipd that asks need not wait for it."""

        def check():
            shown = self.shown("serf-0", "big")
            self.assertEqual((sorted(shown["Acks"] or []), shown["Responses"]), (sorted(NAMES), {}))

        self.patiently(check)
        for name in MUTE:
            wait_until(f"{name} says so", lambda n=name: "exceeds limit of 1024 bytes" in self.agent[n].log())
        shown = self.shown("gossipd-1", "-node=gossipd-5", "big", timeout="1h")
        self.assertEqual(shown["Summary"], {"Asked": 1, "Answered": 0, "Declined": 1, "Silent": []})

    def test_relayed_by_each_side(self):
        """With five relays of each answer every member carries every other member's."""
        asker = f"{self.agent['serf-0'].ip}:7946"

        def answers_of(name):
            return sum(f"messageQueryResponseType: {name}" in entry for entry in self.lines("serf-0"))

        def relayed_by_serf(destination):
            return sum(f"Relaying response to addr: {destination}" in entry for entry in self.lines("serf-2"))

        def all_came():  # an ack and an answer, each from itself and through the five others
            before = answers_of("gossipd-1"), relayed_by_serf(asker)
            shown = self.shown("serf-0", "-relay-factor=5", "uptime")
            return ((sorted(shown["Acks"] or []), shown["Responses"]) == (sorted(NAMES), ANSWERS)
                    and answers_of("gossipd-1") - before[0] == 12 and relayed_by_serf(asker) > before[1])

        wait_until("Serf gets twelve replies of a gossipd", all_came)

        def duplicates():
            sections = json.loads(self.agent["gossipd-5"].ask("info", "-format=json").stdout)
            return int(sections["events"]["query_duplicates"])

        asker = f"{self.agent['gossipd-5'].ip}:7946"
        before = relayed_by_serf(asker)

        def all_came_to_gossipd():
            old = duplicates()
            shown = self.shown("gossipd-5", "-relay-factor=5", "-node=gossipd-1", "-node=serf-0", "uptime")
            # Serf's relays are drawn with replacement: some are missing.
            return ((sorted(shown["Acks"] or []), shown["Responses"]) == (sorted(HANDLED), {n: ANSWERS[n] for n in HANDLED})
                    and duplicates() - old > 10)

        wait_until("a gossipd gets more than ten replies again", all_came_to_gossipd)
        wait_until("a Serf has carried some of them", lambda: relayed_by_serf(asker) > before)
        # A gossipd asks for no more relays than it carries itself; Serf's are served as far.
        refused = self.query("gossipd-5", "-relay-factor=6", "uptime", code=1)
        self.assertIn("at most 5", refused.stderr)

        def check():
            shown = self.shown("serf-0", "-relay-factor=255", "-node=gossipd-1", "uptime")
            self.assertEqual(shown["Responses"], {"gossipd-1": ANSWERS["gossipd-1"]})

        self.patiently(check)

    def test_refusals_are_in_the_same_words(self):
        for args in (("big", "x" * 1200), ("_serf_foo",), ("_serf_ping", "payload")):
            texts = [self.query(name, *args, by="serf-0", code=1).stdout for name in ("serf-0", "gossipd-1")]
            self.assertEqual(*texts)
            self.assertTrue(re.match(r"Error sending query: \w", texts[0]), texts[0])

    def test_reachability(self):
        for agent, by in SIDES:
            def all_answer(client=self.asked(agent, by)):  # within the time that Serf gives a query
                shown = client.ask("reachability", "-verbose", check=False).stdout
                return (sorted(re.findall(r"Ack from '(.*)'", shown)) == sorted(NAMES)
                        and "Successfully contacted all live nodes" in shown)

            wait_until(f"{agent} reaches all", all_answer)


if __name__ == "__main__":
    run(QueryTest.net)
