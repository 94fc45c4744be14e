"""Settings of Serf's agent whose effect only a cluster shows: limits, timeouts, a replay at the start, syslog.

Addresses: 127.0.49.30 to .59.
"""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import unittest

from gossipd_agent import GOSSIPD, AgentTest, LIMIT_S, environment, wait_until
from rpc_agent import Client


class LimitTest(AgentTest):
    def test_sizes(self):
        file = self.write("a.json", json.dumps({"user_event_size_limit": 100, "query_size_limit": 200,
                                                "query_response_size_limit": 150}))
        self.start("one", "--bind=127.0.49.30", "--config-file", file)
        self.assertIn("user event exceeds configured limit of 100 bytes",
                      self.ctl("one", "event", "big", "x" * 100).stderr)
        self.assertEqual(self.ctl("one", "event", "fits", "x" * 50).returncode, 0)
        self.assertIn("query exceeds limit of 200 bytes", self.ctl("one", "query", "big", "x" * 200).stderr)
        asker = Client(self.path("one.sock"))
        self.addCleanup(asker.close)
        self.assertEqual(asker.ask("stream", {"Type": "query"}), "")
        self.assertEqual(asker.ask("query", {"Name": "q"}), "")
        asker.next()
        self.assertEqual(asker.next()["Name"], "q")
        self.assertEqual(asker.ask("respond", {"ID": 1, "Payload": b"x" * 150}),
                         "failed to respond to key query: response exceeds limit of 150 bytes")
        self.assertEqual(asker.ask("respond", {"ID": 1, "Payload": b"x" * 20}), "")

    def test_an_event_limit_beyond_serfs_is_refused(self):
        file = self.write("a.json", json.dumps({"user_event_size_limit": 9217}))
        agent = self.begin("one", "--bind=127.0.49.31", "--config-file", file)
        self.assertEqual(agent.wait(LIMIT_S), 1)
        self.assertIn("9216", self.log("one"))


class CoordinatesTest(AgentTest):
    def test_an_agent_knows_its_place_unless_it_keeps_none(self):
        file = self.write("a.json", json.dumps({"disable_coordinates": True}))
        self.start("one", "--bind=127.0.49.36")
        self.start("off", "--bind=127.0.49.37", "--config-file", file)
        place = {name: self.ask(name, "get-coordinate", {"Node": name}) for name in ("one", "off")}
        origin = {"Vec": [0.0] * 8, "Error": 1.5, "Adjustment": 0.0, "Height": 1e-05}
        self.assertEqual(place["one"], {"Coord": origin, "Ok": True})
        self.assertEqual(place["off"]["Ok"], False)
        self.assertEqual(self.ask("one", "stats")["serf"]["coordinate_resets"], "0")
        self.assertNotIn("coordinate_resets", self.ask("off", "stats")["serf"])

    def ask(self, name, command, *request):
        client = Client(self.path(f"{name}.sock"))
        try:
            return client.ask_for_body(command, *request)
        finally:
            client.close()


class ForgettingTest(AgentTest):
    def test_timeouts_of_members_that_failed_and_left(self):
        file = self.write("a.json", json.dumps({"reconnect_timeout": "1s", "tombstone_timeout": "1s"}))
        self.start("one", "--bind=127.0.49.32", "--profile=local", "--config-file", file)
        failing = self.start("failing", "--bind=127.0.49.33", "--profile=local", "--join=127.0.49.32")
        leaving = self.start("leaving", "--bind=127.0.49.34", "--profile=local", "--join=127.0.49.32")
        patient = self.start("patient", "--bind=127.0.49.35", "--profile=local", "--join=127.0.49.32")
        wait_until("all are there", lambda: len(self.members("patient")) == 4)
        failing.kill()
        leaving.send_signal(signal.SIGINT)
        wait_until("both are gone to all", lambda: (self.status("patient", "failing"),
                                                    self.status("patient", "leaving")) == ("failed", "left"))
        # Members are looked through every 15 s.
        wait_until("both are forgotten", lambda: set(self.members("one")) == {"one", "patient"})
        self.assertEqual(set(self.members("patient")), {"one", "failing", "leaving", "patient"})
        self.assertIn("serf: EventMemberReap: failing", self.log("one"))
        self.assertIn("serf: EventMemberReap: leaving", self.log("one"))
        self.assertIsNone(patient.poll())


class StartTest(AgentTest):
    def test_replay_at_the_start(self):
        self.start("one", "--bind=127.0.49.36", "--profile=local")
        self.start("two", "--bind=127.0.49.35", "--profile=local", "--join=127.0.49.36")
        self.assertEqual(self.ctl("one", "event", "old", "--coalesce=false").returncode, 0)
        # Else it might reach a newcomer as gossip, before the push/pull that says what is old.
        for name in ("one", "two"):
            wait_until("all is told", lambda: "\tevent_queue = 0\n" in self.ctl(name, "info").stdout)
        for number, flags in ((37, ()), (38, ("-replay",)), (39, ("-replay=false",))):
            name = f"n{number}"
            self.start(name, f"--bind=127.0.49.{number}", "--profile=local", "--join=127.0.49.36", *flags)
            self.assertEqual(self.ctl("one", "event", f"for-{name}", "--coalesce=false").returncode, 0)
            self.logged(name, f"Received event: user-event: for-{name}")
            self.assertEqual("user-event: old" in self.log(name), flags == ("-replay",), name)

    def test_a_public_address_without_encryption_is_warned_of(self):
        warning = "[WARN] memberlist: Binding to public address without encryption!"
        key = base64.b64encode(bytes(32)).decode()
        for name, advertised, flags, warned in (("public", "8.8.8.8", (), True), ("private", "10.0.0.1", (), False),
                                                ("sealed", "8.8.8.8", ("-encrypt", key), False)):
            self.start(name, "--bind=127.0.49.43", f"--advertise={advertised}", *flags)
            self.assertEqual(warning in self.log(name), warned, name)
            self.end_agents()

    def test_role_is_a_tag(self):
        self.start("one", "--bind=127.0.49.40", "-role=web", "-tag=role=db", "-tag=dc=east")
        self.assertEqual(self.members("one")["one"]["tags"], {"role": "web", "dc": "east"})


class SyslogTest(AgentTest):
    def setUp(self):
        super().setUp()
        if shutil.which("unshare") is None or subprocess.run(
                ["unshare", "--map-root-user", "--mount", "true"], capture_output=True).returncode != 0:
            self.skipTest("no mount namespaces here")

    def test_lines_go_to_the_systems_log_too(self):
        """A folder of ours stands at /dev for this agent, with the socket of a syslog daemon in it."""
        device = self.folder / "dev"
        device.mkdir()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
            daemon.bind(str(device / "log"))
            daemon.settimeout(LIMIT_S)
            with open(self.path("one.log"), "wb") as log:
                agent = subprocess.Popen(
                    ["unshare", "--map-root-user", "--mount", "sh", "-c", f'mount --bind {device} /dev && exec "$@"',
                     "sh", GOSSIPD, "--node=one", "--bind=127.0.49.41", "--rpc-addr", self.path("one.sock"), "-syslog",
                     "--config-file", self.write("a.json", '{"syslog_facility": "daemon"}')],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment())
            self.agents.append(agent)
            # Facility 3, severity notice: 3 * 8 + 5.
            while True:
                line = daemon.recv(8192).decode()
                if "EventMemberJoin: one" in line:
                    break
            self.assertRegex(line, r"\A<29>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d gossipd\[\d+\]: serf: EventMemberJoin: one "
                                   r"127\.0\.49\.41\Z")
            self.logged("one", "[INFO] serf: EventMemberJoin: one 127.0.49.41")

    def test_without_a_daemon_it_does_not_start(self):
        empty = self.folder / "dev"
        empty.mkdir()
        done = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", f'mount --bind {empty} /dev && exec "$@"',
                               "sh", GOSSIPD, "--bind=127.0.49.42", "--rpc-addr", self.path("x.sock"), "-syslog"],
                              stdin=subprocess.PIPE, capture_output=True, text=True, timeout=LIMIT_S, env=environment())
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"syslog[^\n]*/dev/log[^\n]*No such file")
        self.assertFalse(os.path.exists(self.path("x.sock")))


if __name__ == "__main__":
    unittest.main()
