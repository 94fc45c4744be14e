"""What an agent tells its RPC clients: a stream and a monitor that are read while the test does something else."""

import pathlib
import sys
import threading

from agents import Failed, wait_until

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from rpc_agent import Client  # noqa: E402: found beside the other tests of the programs


class Recorder(threading.Thread):
    """Every event that an agent sends, one by one from gossipd, as Serf batches them from Serf.

    `answers` maps the names of queries to the payloads with which they are answered over this connection.
    """

    def __init__(self, agent, kinds="*", answers=None):
        super().__init__(daemon=True)
        self.agent = agent
        self.answers = answers or {}
        self.records = []
        self.client = Client((agent.ip, 7373))
        error = self.client.ask("stream", {"Type": kinds, "Coalesce": False})
        if error:
            raise Failed(f"{agent.name}: stream {kinds}: {error}")
        self.start()

    def run(self):
        try:
            while True:
                record = self.client.next()
                if "Event" not in record:
                    continue  # a header
                self.records.append(record)
                if record["Event"] == "query" and record["Name"] in self.answers:
                    self.client.send("respond", {"ID": record["ID"], "Payload": self.answers[record["Name"]]})
        except (EOFError, OSError, ValueError):
            pass

    def users(self, name=None):
        """(name, payload) of the user events, in the order in which they came."""
        return [(r["Name"], r["Payload"] or b"") for r in list(self.records)
                if r["Event"] == "user" and name in (None, r["Name"])]

    def members(self, kind):
        """The names in the member events of a kind."""
        return [m["Name"] for r in list(self.records) if r["Event"] == kind for m in r["Members"]]

    def wait_user(self, name, payload=b""):
        wait_until(f"{self.agent.name} gets the event {name} {payload!r}",
                   lambda: (name, payload) in self.users())

    def close(self):
        self.client.socket.close()
