"""Every captured run of the real `serf` (tests/data/golden/cli), made again with gossipctl.

An agent that is made of the captured output answers as Serf's agent did. gossipctl has to print the same and end
the same way, but for what agent-cli.md's part E wants different: the rules of `expected` for whole kinds of runs,
and DIFFERENCES for single ones, each with its number there.

Addresses: 127.0.41.251 and, where nobody listens, .252.
"""

import json
import pathlib
import re
import signal
import subprocess
import unittest

from fake_agent import FakeAgent, filtered, member
from gossipctl_differences import DIFFERENCES, USAGE, Outcome, usage
from gossipctl_run import GOSSIPCTL, LIMIT_S, ROOT, environment, wait_until

GOLDEN = ROOT / "tests" / "data" / "golden" / "cli"
WORLD = [member("alpha", "127.0.76.1:7946", "alive", {"role": "web", "dc": "east"}),
         member("beta", "127.0.76.2:7946", "alive", {"role": "db"}),
         member("gamma", "127.0.76.3:7946", "alive", {"role": "web"}),
         member("delta", "127.0.76.4:7946", "failed", {"role": "cache"}),
         member("epsilon", "127.0.76.5:7946", "left", {})]


def load(name):
    return json.loads((GOLDEN / f"{name}.json").read_text())["runs"]


def payload(text):
    """The bytes of a payload; the captures write a byte that is no UTF-8 as \\xff."""
    return text.encode("latin-1") if all(ord(c) < 256 for c in text) else text.encode()


def replies_in(run):
    """The records that must have come for this output."""
    records = []
    if "-format=json" in run["argv"] and run["stdout"]:
        shown = json.loads(run["stdout"])
        records += [{"Type": "ack", "From": name, "Payload": None} for name in shown["Acks"] or []]
        answers = shown["Responses"].items()
        records += [{"Type": "response", "From": name, "Payload": text.replace("\ufffd", "\xff").encode("latin-1")}
                    for name, text in answers]
        return records
    for line in re.findall(r"(?:Ack|Response) from '.*'(?:: [\s\S]*?)?\n(?=Ack|Response|Total|\Z)", run["stdout"]):
        name = re.search(r"'(.*?)'", line).group(1)
        if line.startswith("Ack"):
            records.append({"Type": "ack", "From": name, "Payload": None})
        else:
            text = line.split("': ", 1)[1].replace("\\xff", "\xff")
            # Serf drops one newline of the payload; this one had none.
            records.append({"Type": "response", "From": name,
                            "Payload": text.removesuffix("\n").encode("latin-1") if "\xff" in text
                            else text.encode("latin-1")})
    return records


def stats_in(text):
    sections = {}
    for line in text.splitlines():
        if line.startswith("\t"):
            key, value = line[1:].split(" = ", 1)
            sections[section][key] = value
        else:
            section = line[:-1]
            sections[section] = {}
    return sections


def key_of(name, run):
    words = [a for a in run["argv"][1:] if not re.match(r"-rpc-addr=127\S+:\d", a)]
    named = words[:1] == [name] or (name, words[:1]) == ("force-leave-and-leave", ["force-leave"])
    return (name, *(words[1:] if named else words), *(["SIGINT"] if "signal" in run else []))


class World:
    """The answers that a run's output was made of."""

    def __init__(self, run):
        self.run = run
        self.out = run["stdout"]

    def error(self, prefix):
        found = re.search(rf"{prefix}: (.*)", self.out, re.S)
        return found.group(1).rstrip("\n") + "\n" * self.out.endswith("\n\n\n") if found else ""

    def members(self, _request):
        own = self.run["file"] in ("rpc-auth", "reachability-all-alive")
        return "", {"Members": self.listed(others=False) if own else WORLD + self.listed(others=True)}, []

    def listed(self, others):
        """Members that only a line of the output knows."""
        rows = []
        for line in self.out.splitlines():
            found = re.match(r"(\w+) +(127[\d.]+:\d+) +(alive|left|failed)(?: +(\S+))?\s*$", line)
            if found and not (others and found.group(1) in {m["Name"] for m in WORLD}):
                name, addr, status, tags = found.groups()
                rows.append(member(name, addr, status, dict(t.split("=", 1) for t in (tags or "").split(",") if t)))
        if "-verbose" in self.run["argv"] and "iota" in self.out:
            rows.append(member("iota", "127.0.76.9:7946", "alive", {}))
        if self.run["argv"][-1:] == ["zeta"]:
            rows.append(member("zeta", "127.0.76.6:7946", "alive", {}))
        return rows

    def members_filtered(self, request):
        filtered(WORLD, request)
        own = self.run["file"] not in ("members",)
        return "", {"Members": self.listed(others=False) if own else filtered(WORLD, request)}, []

    def stats(self, _request):
        if self.run["argv"][1] in ("tags", "rtt"):
            return "", {"agent": {"name": "alpha"}, "tags": {"role": "web", "dc": "east"}}, []
        text = self.out
        return "", json.loads(text) if text.startswith("{") else stats_in(text), []

    def get_coordinate(self, request):
        """The first of two at 0, the other one as far away as was shown; further ones are unknown."""
        shown = re.search(r"Estimated (\w+) <-> (\w+) rtt: ([\d.]+) ms", self.out)
        far = {shown.group(2): float(shown.group(3)) / 1000, shown.group(1): 0.0} if shown else {"beta": 0.0}
        name = request["Node"]
        vec = [far[name]] + [0.0] * 7 if name in far else None
        return "", {"Coord": {"Vec": vec, "Error": 1.5, "Adjustment": 0.0, "Height": 0.0}, "Ok": name in far}, []

    def event(self, _request):
        return self.error("Error sending event"), None, []

    def tags(self, _request):
        return self.error("Error setting tags"), None, []

    def leave(self, _request):
        return self.error("Error leaving"), None, []

    def force_leave(self, _request):
        return "", None, []

    def join(self, request):
        error = self.error("Error joining the cluster")
        joined = re.search(r"contacting (\d+)", self.out)
        return error, {"Num": int(joined.group(1)) if joined else 0}, []

    def query(self, request):
        error = self.error("Error sending query")
        if request["Name"] == "_serf_ping":
            live = [m["Name"] for m in self.members(None)[1]["Members"] if m["Status"] == "alive"]
            records = [{"Type": "ack", "From": name, "Payload": None} for name in live]
            records = [] if "signal" in self.run else records
        elif "signal" in self.run and not self.out:
            text = next(r for r in load("query") if r["stdout"].endswith("gamma up\n") and "signal" in r)
            records = replies_in(text)
        else:
            records = replies_in(self.run)
        if "signal" not in self.run:
            records.append({"Type": "done", "From": "", "Payload": None})
        return error, None, [] if error else records

    def keys(self, _request):
        failed = dict(re.findall(r"^failed:  (\w+) +(.*)$", self.out, re.M))
        error = re.search(r"^(?:Error .*?key|Failed to gather member keys): (.*)$", self.out, re.M)
        of_all = re.findall(r"^(\S+)  \[(\d+)/(\d+)\]$", self.out, re.M)
        nodes = int(of_all[0][2]) if of_all else len(failed)
        return error.group(1) if error else "", {
            "Messages": failed, "Keys": {key: int(n) for key, n, _ in of_all}, "NumNodes": nodes,
            "NumErr": len(failed), "NumResp": nodes}, []

    def stream(self, _request):
        return "", None, []

    def monitor(self, _request):
        lines = [line for line in self.out.splitlines() if re.match(r"\d{4}/", line)]
        return "", None, [{"Log": line} for line in lines]

    def answers(self):
        return {"members": self.members, "members-filtered": self.members_filtered, "stats": self.stats,
                "event": self.event, "tags": self.tags, "leave": self.leave, "force-leave": self.force_leave,
                "join": self.join, "query": self.query, "list-keys": self.keys, "install-key": self.keys,
                "use-key": self.keys, "remove-key": self.keys, "get-coordinate": self.get_coordinate, "monitor": self.monitor, "stream": self.stream}


def shape(text):
    """Rows and tags in an order of their own, without the spaces behind them; seconds masked."""
    text = re.sub(r"\d+\.\d\d sec", "T sec", text)
    lines = []
    for line in text.splitlines():
        row = re.match(r"(\S+ +127\S+ +\w+ +)(\S+)(.*)", line)
        if row:
            line = row.group(1) + ",".join(sorted(row.group(2).split(","))) + row.group(3)
        lines.append(line.rstrip())
    return lines


def expected(run):
    """Outcome by the kind of the run."""
    out, code = run["stdout"], run["exit"]
    if "dial tcp" in out and "Failed to join" not in out:  # E1, exit codes
        return Outcome(5, "", "gossipctl: no agent answers at [^\n]+\n")
    if code == 0 and "help>" in run["stderr"] or run["argv"][2:] in (["-h"], ["--help"]):  # E2
        return Outcome(0, None, "")
    if code != 0 and ("help>" in out + run["stderr"] or re.match(
            r"Error: Invalid tag|Encoding error|Invalid format|Relay factor|Only one of", out)):  # E2
        return usage()
    trouble = re.search(r"(?:^|\n)((?:Error|Failed) [^:]*): ([^\n]*)\n\Z", out)
    if code == 1 and trouble:  # E1: what went wrong goes to standard error, progress stays
        before = "".join(f"{line}\n" for line in out.splitlines() if line.startswith("==>"))
        rows = "".join(re.escape(f"{line}\n") for line in sorted(out.splitlines()) if line.startswith("failed:"))
        doing = trouble.group(1)[0].lower() + trouble.group(1)[1:]
        return Outcome(1, before, rows + "gossipctl: " + re.escape(f"{doing}: {trouble.group(2)}") + "[^\n]*\n")
    out = re.sub(r"\ADeprecation warning: .*\n", "", out)  # E10
    out = "" if out == "\n" else out  # E9
    return Outcome(code, out, "")


class GoldenTest(unittest.TestCase):
    maxDiff = None

    def replay(self, name, run):
        run["file"] = name
        argv = run["argv"][1:]
        token = "s3cret" if name == "rpc-auth" else None
        answers = World(run).answers()
        if run["stdout"].startswith("Error connecting to Serf agent: client closed"):
            answers = None
        agent = FakeAgent(answers, token)
        self.addCleanup(agent.close)
        nobody = "127.0.41.252:7373"
        gone = "connection refused" in run["stdout"] and "Failed to join" not in run["stdout"]
        address = nobody if gone else agent.address
        real = re.compile(r"127\.0\.76\.\d+:\d+$")
        argv = [a if "rpc-addr" not in a else re.sub(r"=127\.0\.76\.\d+:\d+$", f"={address}", a) for a in argv]
        if "--rpc-addr" in argv:
            at = argv.index("--rpc-addr") + 1
            argv[at] = real.sub(address, argv[at])
        env = {k: real.sub(address, v) for k, v in run.get("env", {}).items()}
        if not any("rpc-addr" in a for a in argv) and "SERF_RPC_ADDR" not in env:
            env["GOSSIP_RPC_ADDR"] = address
        env.pop("SERF_RPC_ADDR", None) if any("rpc-addr" in a for a in argv) else None
        process = subprocess.Popen([GOSSIPCTL, *argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=environment(**env))
        if "signal" in run:
            self.interrupt(process, agent, run)
        out, err = process.communicate(timeout=LIMIT_S)
        return process.returncode, out.decode("utf-8", "surrogateescape"), err.decode(), agent

    @staticmethod
    def interrupt(process, agent, run):
        """Ctrl-C, when all that the agent sends has arrived: the last command's answer is out."""
        with agent.asked:
            agent.asked.wait_for(lambda: any(c == "query" for c, _ in agent.requests), LIMIT_S)
        port = int(agent.address.rsplit(":", 1)[1])

        def drained():
            rows = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
            return all(row[4] == "00000000:00000000" for row in rows
                       if int(row[1].split(":")[1], 16) == port or int(row[2].split(":")[1], 16) == port)

        wait_until("all that was sent is read", drained)
        process.send_signal(signal.SIGINT)

    def check(self, name, skip=()):
        for number, run in enumerate(load(name)):
            argv = run["argv"][1:]
            if argv[:1] and argv[0] in skip or "exit" not in run:
                continue
            key = key_of(name, run)
            with self.subTest(run=number, argv=argv):
                code, out, err, agent = self.replay(name, dict(run))
                _, wanted = DIFFERENCES.get(key, ("", expected(run)))
                self.assertRegex(err, rf"\A{wanted.err}\Z")
                self.assertEqual(code, wanted.code, err)
                if wanted.out is None:
                    self.assertIn("Usage: ", out)
                elif isinstance(wanted.out, dict):
                    self.assertEqual(json.loads(out), wanted.out)
                elif out.startswith("{"):
                    self.check_json(out, wanted.out)
                else:
                    self.check_text(name, out, wanted.out)

    def check_json(self, ours, serfs):
        ours, serfs = json.loads(ours), json.loads(serfs)
        for key in ("members", "Acks"):
            if key in serfs and serfs[key] is None:  # E9
                serfs[key] = []
        if "members" in serfs:
            for side in (ours, serfs):
                side["members"].sort(key=lambda m: m["name"])
        extra = ours.pop("ResponsesBase64", {})  # E11
        self.assertEqual(ours, serfs)
        self.assertEqual(bool(extra), any("\ufffd" in t for t in serfs.get("Responses", {}).values()))

    def check_text(self, name, ours, serfs):
        if "version" in ours or "Agent Protocol" in serfs:  # E32
            self.assertEqual(ours.splitlines()[1:], serfs.splitlines()[1:])
        elif re.match(r"[\w+/]{43}=\n\Z", serfs):  # keygen
            self.assertRegex(ours, r"\A[\w+/]{43}=\n\Z")
        elif name in ("query", "event"):
            self.assertEqual(ours, serfs)
        else:
            self.assertEqual(sorted(shape(ours)), sorted(shape(serfs)))

    def test_event(self):
        self.check("event")

    def test_force_leave_and_leave(self):
        self.check("force-leave-and-leave")

    def test_info_rtt_and_reachability(self):
        self.check("info-rtt-reachability")

    def test_join(self):
        self.check("join")

    def test_keys(self):
        self.check("keys")

    def test_members(self):
        self.check("members")

    def test_monitor(self):
        """E12: log lines as they are, but events in a line each instead of Go's debug notation."""
        loud, ended = [r for r in load("monitor") if r["exit"] == 1]
        code, out, err, _ = self.replay("monitor", dict(loud))
        self.assertEqual((code, out), (2, ""))
        self.assertRegex(err, rf"\A{USAGE}\Z")
        stream = [{"Event": "user", "LTime": 1, "Name": "deploy", "Payload": b"v1", "Coalesce": False},
                  {"Event": "query", "ID": 1, "LTime": 1, "Name": "load", "Payload": b"5m"}]

        def monitor(request):
            levels.append(request["LogLevel"])
            return world.monitor(request)

        levels = []
        world = World({**ended, "file": "monitor"})
        agent = FakeAgent({**world.answers(), "stream": lambda _: ("", None, stream), "monitor": monitor})
        self.addCleanup(agent.close)
        agent.last_command = "monitor"
        argv = ["monitor", f"-rpc-addr={agent.address}", "-log-level=debug"]
        done = subprocess.run([GOSSIPCTL, *argv], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=LIMIT_S, env=environment())
        self.assertEqual((done.returncode, levels), (1, ["debug"]))
        self.assertRegex(done.stderr, r"\Agossipctl: monitor ended: [^\n]*crashed[^\n]*\n\Z")
        lines = [line for line in done.stdout.splitlines() if "[EVENT]" not in line]
        self.assertEqual(lines, [line for line in ended["stdout"].splitlines() if re.match(r"\d{4}/", line)])
        events = [line.split("[EVENT] ", 1)[1] for line in done.stdout.splitlines() if "[EVENT]" in line]
        self.assertEqual(events, ["user: deploy ltime=1 coalesce=false payload=v1",
                                  "query: load id=1 ltime=1 payload=5m"])

    def test_every_difference_is_one(self):
        """The table holds nothing that no captured run needs."""
        known = set()
        for name in ("event", "force-leave-and-leave", "info-rtt-reachability", "join", "keys", "members", "query",
                     "reachability-all-alive", "rpc-auth", "tags", "top-level"):
            known |= {key_of(name, run) for run in load(name)}
        self.assertEqual(set(DIFFERENCES) - known, set())

    def test_query(self):
        self.check("query")

    def test_reachability_alone(self):
        self.check("reachability-all-alive")

    def test_rpc_auth(self):
        self.check("rpc-auth")

    def test_tags(self):
        self.check("tags")

    def test_top_level(self):
        self.check("top-level", skip=("agent",))


if __name__ == "__main__":
    unittest.main()
