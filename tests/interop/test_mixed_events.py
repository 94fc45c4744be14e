"""User events in a mixed cluster of six: sent by either side, heard by all, once, with one Lamport time."""

import subprocess

from agents import GOSSIPCTL, LIMIT_S, Failed, wait_until
from recorder import Client, Recorder
from six_agents import NAMES, NETS, Gossipd, Serf, SixTest, run


class EventTest(SixTest):
    net = NETS["events"]

    @classmethod
    def start_cluster(cls):
        cls.cluster.start_all()
        for name in NAMES:
            cls.cluster.record(name)

    def records(self, name, event):
        return [r for r in list(self.heard[name].records) if r["Event"] == "user" and r["Name"] == event]

    def test_each_members_events_reach_all_once(self):
        for sender in NAMES:
            for number in range(3):
                said = self.agent[sender].ask("event", "-coalesce=false", f"from-{sender}", str(number)).stdout
                self.assertEqual(said, f"Event 'from-{sender}' dispatched! Coalescing enabled: false\n")
        for sender in NAMES:
            for number in range(3):
                self.cluster.wait_heard(f"from-{sender}", str(number).encode())
        # What would come twice has come by the time that all have heard another one.
        self.agent["serf-0"].ask("event", "-coalesce=false", "last")
        self.cluster.wait_heard("last", b"")
        for sender in NAMES:
            wanted = {r["Payload"]: r["LTime"] for r in self.records("serf-0", f"from-{sender}")}
            times = [wanted[payload] for payload in (b"0", b"1", b"2")]
            self.assertEqual(times, sorted(set(times)), sender)
            for name in NAMES:
                got = self.records(name, f"from-{sender}")
                self.assertEqual(len(got), 3, name)
                self.assertEqual({r["Payload"]: r["LTime"] for r in got}, wanted, name)
                self.assertEqual({r["Coalesce"] for r in got}, {False}, name)

    def test_any_bytes_are_a_payload(self):
        payload = bytes(range(256))
        gossipd = self.agent["gossipd-3"]
        done = subprocess.run([GOSSIPCTL, "event", f"-rpc-addr={gossipd.rpc}", "-coalesce=false", "bytes", "-"],
                              input=payload, capture_output=True, timeout=LIMIT_S)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.cluster.wait_heard("bytes", payload)
        client = Client((self.agent["serf-2"].ip, 7373))
        self.addCleanup(client.close)
        backwards = payload[::-1]
        self.assertEqual(client.ask("event", {"Name": "bytes", "Payload": backwards, "Coalesce": False}), "")
        self.cluster.wait_heard("bytes", backwards)

    def test_the_largest_event_is_the_same_for_both(self):
        """The limit, and what is said beyond it."""
        refusals = {}
        for name in ("serf-4", "gossipd-5"):
            client = Client((self.agent[name].ip, 7373))
            self.addCleanup(client.close)
            refusals[name] = {size: client.ask("event", {"Name": "size", "Payload": name[:1].encode() * size,
                                                         "Coalesce": False}) for size in range(470, 512)}
        self.assertEqual(refusals["serf-4"], refusals["gossipd-5"])
        largest = max(size for size, error in refusals["serf-4"].items() if not error)
        self.assertEqual(refusals["serf-4"][largest + 1],
                         "encoded user event exceeds configured limit of 512 bytes after encoding")
        self.assertEqual(refusals["serf-4"][509], "user event exceeds configured limit of 512 bytes before encoding")
        for sign in (b"s", b"g"):
            self.cluster.wait_heard("size", sign * largest)

    def test_of_events_that_may_be_coalesced_the_newest_is_delivered(self):
        """Streams that did not ask for each event get the last of a burst, from either side's agent."""
        gathered = {}
        for name in NAMES:
            client = Client((self.agent[name].ip, 7373))
            self.addCleanup(client.socket.close)
            self.assertEqual(client.ask("stream", {"Type": "user:burst,user:end"}), "")
            gathered[name] = client
        sender = Client((self.agent["gossipd-1"].ip, 7373))
        self.addCleanup(sender.close)
        sender.send_together(*[("event", {"Name": "burst", "Payload": payload, "Coalesce": True})
                               for payload in (b"one", b"two", b"three")])
        for name, client in gathered.items():
            self.assertEqual(client.next()["Error"], "")
            record = client.next()
            self.assertEqual((record["Name"], record["Payload"], record["Coalesce"]), ("burst", b"three", True), name)
        self.agent["serf-0"].ask("event", "-coalesce=true", "end", "x")
        for name, client in gathered.items():
            client.next()
            self.assertEqual(client.next()["Name"], "end", name)

    def test_a_newcomer_hears_old_events_only_if_it_wants_to(self):
        self.agent["serf-2"].ask("event", "-coalesce=false", "old", "serf's")
        self.agent["gossipd-3"].ask("event", "-coalesce=false", "old", "gossipd's")
        for payload in (b"serf's", b"gossipd's"):
            self.cluster.wait_heard("old", payload)
        newcomers = []
        for kind, contact in ((Gossipd, "serf-4"), (Serf, "gossipd-5")):
            for flags, olds in (((), []), (("-replay",), [b"gossipd's", b"serf's"])):
                agent = self.cluster.start_one(f"new-{kind.kind}{''.join(flags)}", kind=kind)
                recorder = Recorder(agent)
                self.addCleanup(recorder.close)
                agent.ask("join", *flags, self.agent[contact].ip)
                newcomers.append((agent, recorder, olds))
        self.agent["gossipd-1"].ask("event", "-coalesce=false", "new")
        for agent, recorder, olds in newcomers:
            recorder.wait_user("new")
            for payload in olds:
                recorder.wait_user("old", payload)
            self.assertEqual(sorted(payload for _, payload in recorder.users("old")), olds, agent.name)
            agent.leave()
        for name in self.agent:
            if name.startswith("new-"):
                wait_until(f"{name} has left", lambda n=name: {self.agent[m].status_of(n) for m in NAMES} == {"left"})

    def test_what_a_reader_sees_of_an_event_is_in_both_clients(self):
        """Serf's own client shows an event that gossipctl sent to gossipd, and the reverse."""
        for sender, watcher in (("gossipd-1", "serf-0"), ("serf-0", "gossipd-1")):
            monitor = subprocess.Popen([*self.agent[watcher].client(), "monitor", f"-rpc-addr={self.agent[watcher].rpc}",
                                        "-log-level=debug"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
            self.addCleanup(monitor.wait)
            self.addCleanup(monitor.kill)
            self.addCleanup(monitor.stdout.close)
            if not monitor.stdout.readline():
                raise Failed(f"the monitor of {watcher} has ended")
            # Its event stream was opened before its log lines.
            self.agent[sender].ask("event", "-coalesce=false", f"seen-by-{watcher}", "v1")
            shown = (f'\tName: "seen-by-{watcher}"\n' if watcher == "serf-0"
                     else f"user: seen-by-{watcher} ltime=")
            for line in monitor.stdout:
                if shown in line:
                    break
            else:
                self.fail(f"{watcher} does not show it")


if __name__ == "__main__":
    run(EventTest.net)
