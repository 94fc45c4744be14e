"""What becomes of a handler's output: every captured run of Serf's agent (tests/data/golden/agent/event-handler-output),
made again. Each agent has one handler, and is asked one query, or sent one user event.

Addresses: 127.0.49.1 to .20.
"""

import json
import re
import unittest

from gossipd_agent import ROOT, AgentTest, wait_until
from rpc_agent import Client

RUNS = json.loads((ROOT / "tests" / "data" / "golden" / "agent" / "event-handler-output.json").read_text())["runs"]
# Where gossipd differs on purpose (docs/serf-compatibility.md, "Events and handlers"): the answers, and what the log
# says instead of Serf's lines.
DIFFERENCES = {
    "query=echo err >&2": ([], ["[DEBUG] agent: Event 'query' script errors: err"]),
    "query=echo partial; exit 3": ([], ["[WARN] agent: Event 'query' script output: partial",
                                        "[ERR] agent: Error invoking script 'echo partial; exit 3': exit status 3"]),
    "query=/no/such/script": ([], ["[WARN] agent: Event 'query' script errors: /bin/sh: 1: /no/such/script: not found",
                                   "[ERR] agent: Error invoking script '/no/such/script': exit status 127"]),
    "query=head -c 1200 /dev/zero | tr '\\0' x": (
        [], ["[WARN] agent: Failed to respond to query 'query: q': response exceeds limit of 1024 bytes"]),
    "query=head -c 20000 /dev/zero | tr '\\0' x; echo end": (
        [], ["generated 20004 bytes of output, truncated to 8192", "[WARN] agent: Failed to respond to query 'q': script "]),
    'query:a=b=echo "$SERF_QUERY_NAME"': (
        [], ["[WARN] agent: Event 'query' script errors: /bin/sh: 1: a: not found",
             "[ERR] agent: Error invoking script 'b=echo \"$SERF_QUERY_NAME\"': exit status 127"]),
}


def full(text):
    """Long output is described in the captures."""
    text = re.sub(r"<(\d+) x>", lambda m: "x" * int(m.group(1)), text)
    return re.sub(r"x+\.\.\.\((\d+) bytes\)", lambda m: "x" * int(m.group(1)), text)


class OutputTest(AgentTest):
    def setUp(self):
        super().setUp()
        self.clients = []
        for number, run in enumerate(RUNS, 1):
            self.begin(f"h{number}", f"--bind=127.0.49.{number}", "--log-level=debug", "--profile=local",
                       f"--event-handler={run['handler']}")
        for number in range(1, len(RUNS) + 1):
            wait_until(f"h{number} runs", lambda n=number: self.ctl(f"h{n}", "info").returncode == 0)
            client = Client(self.path(f"h{number}.sock"))
            self.addCleanup(client.close)
            self.clients.append(client)

    def ask(self, number, run):
        """As for the capture: a query or a user event, with a payload. A query ends as soon as its handler does."""
        client = self.clients[number - 1]
        name = re.search(r"send: (\w+)\.", "".join(run["agent_log"])).group(1)
        if run["records"]:
            seconds = 1.5 if run["handler"].startswith("query=sleep") else 60
            error = client.ask("query", {"Name": name, "Payload": b"pay", "Timeout": int(seconds * 1e9),
                                         "RequestAck": 1})
        else:
            error = client.ask("event", {"Name": name, "Payload": b"pay", "Coalesce": 0})
        self.assertEqual(error, "")

    def answers(self, client):
        """Until the query is over."""
        found = []
        while True:
            client.next()
            record = client.next()
            if record["Type"] == "done":
                return found
            if record["Type"] != "ack":
                found.append((record["Type"], record["From"], (record["Payload"] or b"").decode()))

    def test_as_captured(self):
        for number, run in enumerate(RUNS, 1):
            self.ask(number, run)
        for number, run in enumerate(RUNS, 1):
            with self.subTest(run["handler"], what=run["what"]):
                wanted, lines = DIFFERENCES.get(run["handler"], (None, None))
                if wanted is None:
                    # Records without a sender are phantoms that gossipd never sends.
                    wanted = [(r["Type"], f"h{number}", full(r["Payload"])) for r in run["records"] if r["From"]]
                    lines = [full(line.split(" ", 2)[2]) for line in run["agent_log"]
                             if re.search("script output: .|Error invoking|slow, exec|Failed to respond", line)
                             and "'member-join'" not in line]
                if run["records"]:
                    self.assertEqual(self.answers(self.clients[number - 1]), wanted)
                for line in lines:
                    self.logged(f"h{number}", line)


if __name__ == "__main__":
    unittest.main()
