"""One name, two members: the vote of a mixed cluster, won and lost by either side, and a member that moves."""

import socket

from agents import LIMIT_S, wait_until
from six_agents import NAMES, NETS, Gossipd, Serf, SixTest, run


class NameTest(SixTest):
    net = NETS["name"]

    @classmethod
    def start_cluster(cls):
        cls.cluster.start_all(profile="local")

    def other(self, kind, name, *flags):
        """A second agent of that name, which knows the cluster."""
        second = self.cluster.adopt(kind(name, self.cluster.next_ip(), self.cluster.folder))
        second.starts = self.agent[name].starts + 10  # a log of its own
        self.addCleanup(self.cluster.agents.remove, second)
        self.addCleanup(second.kill)
        return second.launch("-profile=local", f"-keyring-file={self.cluster.keyring(name)}", *flags)

    def place(self, witness, name):
        """Where it is in the eyes of the witness, and how."""
        return self.agent[witness].members().get(name, (None, None))[:2]

    def test_the_second_bearer_of_a_name_stops(self):
        """A gossipd takes the name of a Serf, a Serf that of a gossipd, and each that of its own kind."""
        seconds = [(name, self.other(kind, name, f"-join={self.agent[contact].ip}"))
                   for kind, name, contact in ((Gossipd, "serf-2", "serf-4"), (Serf, "gossipd-3", "gossipd-5"),
                                               (Gossipd, "gossipd-1", "serf-0"), (Serf, "serf-4", "gossipd-1"))]
        for name, second in seconds:
            code = second.process.wait(timeout=LIMIT_S)
            self.assertIn("minority in name conflict resolution, quitting", second.log())
            if isinstance(second, Gossipd):
                self.assertEqual(code, 1)
                self.assertIn(f'the name "{name}" belongs to the member at {self.agent[name].ip}:7946', second.log())
        for name, _ in seconds:
            self.assertIsNone(self.agent[name].process.poll(), f"the first {name} has stopped, too")
            first = f"{self.agent[name].ip}:7946", "alive"
            wait_until(f"all know the first {name}", lambda n=name, f=first: all(self.place(w, n) == f for w in NAMES))
        self.cluster.wait_views({name: "alive" for name in NAMES})

    def test_members_that_are_killed_and_come_back_elsewhere(self):
        """gossipd members take them at once and keep them, though Serf members hold on to the old addresses.

        The Serf members declare them dead there. A gossipd contradicts so that all hear it; a Serf contradicts once,
        and may be taken for dead, at its new address, until the next push/pull.
        """
        moved = ("gossipd-5", "serf-4")
        witnesses = ("gossipd-1", "gossipd-3")
        for witness in witnesses:
            self.cluster.record(witness)
        # A Serf that asks the others would be told by the Serfs that its name is taken, and stop.
        config = self.cluster.folder / "no-vote.json"
        config.write_text('{"disable_name_resolution": true}')
        old_ip = {name: self.agent[name].ip for name in moved}
        for name in moved:
            self.agent[name].kill()
        for name in moved:
            old = self.agent[name]
            self.cluster.agents.remove(old)
            self.agent[name] = self.cluster.adopt(old.moved(self.cluster.next_ip()))
            self.agent[name].launch("-profile=local", f"-keyring-file={self.cluster.keyring(name)}",
                                    f"-config-file={config}", f"-join={self.agent['gossipd-1'].ip}")
        for name in moved:
            self.agent[name].wait_answers()
        here = {name: (f"{self.agent[name].ip}:7946", "alive") for name in moved}
        for name in moved:
            for witness in witnesses:
                wait_until(f"{witness} sees {name} there", lambda w=witness, n=name: self.place(w, n) == here[n])
        # In the end the Serf members have forgotten the old addresses, a minute later. Until then nobody has flipped back.
        wait_until("all see them at their new addresses", lambda: all(
            self.place(witness, name) == here[name] for name in moved for witness in NAMES if witness != name), limit_s=150)
        for witness in witnesses:
            for name in moved:
                told = [(r["Event"], socket.inet_ntoa(m["Addr"])) for r in self.heard[witness].records
                        for m in r.get("Members", ()) if m["Name"] == name]
                new = self.agent[name].ip
                at_first = [("member-failed", old_ip[name])] if told[0][0] == "member-failed" else []  # a slow start
                self.assertEqual({ip for _, ip in told[len(at_first):]}, {new}, (witness, name, told))
                if name.startswith("gossipd"):
                    self.assertNotIn(("member-failed", new), told, witness)


if __name__ == "__main__":
    run(NameTest.net)
