"""Every command of the real `serf`, unchanged, against gossipd's TCP listener: what it prints is what it prints of
its own agent (tests/data/golden/cli), and it ends the same way.

Addresses: 127.122.0.1 to .9.
"""

import base64
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import unittest

from agents import Gossipd, LIMIT_S, SERF, wait_until

KEYS = [base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2, 3)]


class SerfCommandTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.agents = []
        for number, name in enumerate(("alpha", "beta", "gamma"), 1):
            self.keyring(name).write_text(json.dumps(KEYS[:1]))
            agent = Gossipd(name, f"127.122.0.{number}", folder.name)
            self.addCleanup(agent.kill)
            self.agents.append(agent)
            tags = {"alpha": ["--tag", "role=web", "--tag", "dc=east"], "beta": ["--tag", "role=db"]}.get(name, [])
            agent.start("--profile", "local", "--keyring-file", str(self.keyring(name)), *tags,
                        "--event-handler", f"query:uptime=echo {name} up")
        self.alpha, self.beta, self.gamma = self.agents
        self.beta.join(self.alpha)
        self.gamma.join(self.alpha)
        everybody = {"alpha": "alive", "beta": "alive", "gamma": "alive"}
        for agent in self.agents:
            wait_until("all see all", lambda a=agent: {n: s for n, (_, s, _) in a.members().items()} == everybody)

    def keyring(self, name):
        return self.folder / f"{name}.keyring"

    def serf(self, command, *args, at="127.122.0.1", code=0):
        done = subprocess.run([str(SERF), command, f"-rpc-addr={at}:7373", *args], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT_S)
        self.assertEqual((done.returncode, done.stderr), (code, ""), f"{command} {args}: {done.stdout}")
        return done.stdout

    def rows(self, *args):
        """The table of members without its order, that of tags included."""
        cells = [re.split(r" {2,}", line.rstrip()) for line in self.serf("members", *args).splitlines()]
        return sorted([name, addr, status, *(sorted(t.split(",")) for t in tags[:1]), *tags[1:]]
                      for name, addr, status, *tags in cells)

    def test_members(self):
        alpha = ["alpha", "127.122.0.1:7946", "alive", ["dc=east", "role=web"]]
        beta = ["beta", "127.122.0.2:7946", "alive", ["role=db"]]
        gamma = ["gamma", "127.122.0.3:7946", "alive"]
        self.assertEqual(self.rows(), [alpha, beta, gamma])
        self.assertEqual(self.rows("-status=alive", "-tag", "role=w.*"), [alpha])
        self.assertEqual(self.rows("-detailed", "-name=beta"),
                         [[*beta, "Protocol Version: 5", "Available Protocol Range: [2, 5]"]])
        self.assertEqual(self.serf("members", "-name=nobody"), "\n")
        listed = json.loads(self.serf("members", "-format=json", "-name=alpha"))["members"]
        self.assertEqual(listed, [{"name": "alpha", "addr": "127.122.0.1:7946", "port": 7946, "status": "alive",
                                   "tags": {"role": "web", "dc": "east"},
                                   "protocol": {"min": 2, "max": 5, "version": 5}}])
        self.assertIn("Failed to compile regex", self.serf("members", "-name=(", code=1))

    def test_tags(self):
        self.assertEqual(self.serf("tags", "-set", "version=7", "-delete", "dc"), "Successfully updated agent tags\n")
        self.assertEqual(self.rows("-name=alpha")[0][3], ["role=web", "version=7"])
        wait_until("beta knows", lambda: self.beta.members()["alpha"][2] == {"role": "web", "version": "7"})
        self.assertIn("512", self.serf("tags", "-set", "big=" + "x" * 600, code=1))

    def test_info(self):
        sections = json.loads(self.serf("info", "-format=json"))
        self.assertEqual(sections["agent"]["name"], "alpha")
        self.assertEqual(sections["serf"]["members"], "3")
        self.assertEqual(sections["serf"]["encrypted"], "true")
        self.assertEqual(sections["tags"], {"role": "web", "dc": "east"})
        captured = next(r for r in json.loads((pathlib.Path(__file__).resolve().parents[1] / "data" / "golden" / "cli"
                        / "info-rtt-reachability.json").read_text())["runs"] if "-format=json" in r["argv"])
        for section, values in json.loads(captured["stdout"]).items():
            self.assertLessEqual(set(values), set(sections[section]), section)

    def test_rtt(self):
        wait_until("beta's place is known", lambda: subprocess.run(
            [str(SERF), "rtt", "-rpc-addr=127.122.0.1:7373", "beta"], stdin=subprocess.DEVNULL, capture_output=True,
            timeout=LIMIT_S).returncode == 0)
        estimate = r"rtt: \d+\.\d{3} ms\n\Z"
        self.assertRegex(self.serf("rtt", "beta"), r"\AEstimated beta <-> alpha " + estimate)
        self.assertRegex(self.serf("rtt", "alpha", "beta"), r"\AEstimated alpha <-> beta " + estimate)
        self.assertEqual(self.serf("rtt", "nobody", code=1), 'Could not find a coordinate for node "nobody"\n')

    def test_join_force_leave_and_leave(self):
        self.assertEqual(self.serf("join", "127.122.0.2", "127.122.0.3:7946"),
                         "Successfully joined cluster by contacting 2 nodes.\n")
        self.assertIn("Failed to join 127.122.0.9", self.serf("join", "127.122.0.9", code=1))
        self.gamma.kill()
        wait_until("gamma failed", lambda: self.alpha.status_of("gamma") == "failed")
        self.assertEqual(self.serf("force-leave", "gamma"), "")
        wait_until("gamma left", lambda: self.alpha.status_of("gamma") == "left")
        self.assertEqual(self.serf("force-leave", "-prune", "gamma"), "")
        wait_until("gamma gone", lambda: self.alpha.status_of("gamma") is None)
        self.assertEqual(self.serf("leave", at="127.122.0.2"), "Graceful leave complete\n")
        self.assertEqual(self.beta.wait_ended(), 0)
        wait_until("beta left", lambda: self.alpha.status_of("beta") == "left")

    def test_event_and_monitor(self):
        monitor = subprocess.Popen([str(SERF), "monitor", "-rpc-addr=127.122.0.2:7373", "-log-level=debug"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(monitor.wait)
        self.addCleanup(monitor.kill)
        self.addCleanup(monitor.stdout.close)
        self.assertRegex(monitor.stdout.readline(), r"\A\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[[A-Z]+\] ")
        seen = []
        told = threading.Event()

        def read():
            for line in monitor.stdout:
                seen.append(line)
                if '\tName: "deploy"\n' in seen and "\tPayload: []byte{0x76, 0x31}\n" in seen:
                    told.set()

        threading.Thread(target=read, daemon=True).start()

        def sends():  # the monitor's stream may still be on its way to the agent
            self.assertEqual(self.serf("event", "-coalesce=false", "deploy", "v1"),
                             "Event 'deploy' dispatched! Coalescing enabled: false\n")
            return told.wait(0.5)

        wait_until("the event is shown", sends)
        self.assertEqual(self.serf("event", "deploy"), "Event 'deploy' dispatched! Coalescing enabled: true\n")
        self.assertIn("exceeds", self.serf("event", "big", "x" * 600, code=1))
        monitor.send_signal(signal.SIGINT)
        self.assertEqual(monitor.wait(LIMIT_S), 0)

    def test_query(self):
        patient = "-timeout=30s"  # gossipd ends a query when all have answered, however slow the machine
        lines = self.serf("query", patient, "uptime").splitlines()
        self.assertEqual(lines[0], "Query 'uptime' dispatched")
        self.assertEqual(lines[-2:], ["Total Acks: 3", "Total Responses: 3"])
        names = ("alpha", "beta", "gamma")
        self.assertEqual(sorted(lines[1:-2]), sorted([f"Ack from '{n}'" for n in names] +
                                                     [f"Response from '{n}': {n} up" for n in names]))
        shown = json.loads(self.serf("query", patient, "-format=json", "-no-ack", "-node=beta", "-relay-factor=2",
                                     "uptime"))
        self.assertEqual(shown, {"Acks": None, "Responses": {"beta": "beta up\n"}})
        shown = json.loads(self.serf("query", patient, "-format=json", "-tag", "role=we", "uptime", "payload"))
        self.assertEqual(shown, {"Acks": ["alpha"], "Responses": {"alpha": "alpha up\n"}})
        self.assertIn("1024", self.serf("query", "big", "x" * 1200, code=1))
        self.assertIn("_serf_", self.serf("query", "_serf_foo", code=1))

    def test_reachability(self):
        self.assertRegex(self.serf("reachability", "-verbose"),
                         r"\ATotal members: 3, live members: 3\nStarting reachability test...\n(\tAck from '\w+'\n){3}"
                         r"Query time: [\d.]+ sec, time to last response: [\d.]+ sec\n"
                         r"Successfully contacted all live nodes\n\Z")

    def test_keys(self):
        def listed():
            out = self.serf("keys", "-list")
            self.assertTrue(out.startswith("==> Asking all members for installed keys...\n"
                                           "==> Keys gathered, listing cluster keys...\n\n"), out)
            return sorted(out.splitlines()[3:])

        self.assertEqual(listed(), [f"{KEYS[0]}  [3/3]"])
        for flag, key, text in (("-install", KEYS[1], "Installing key on all members...\n==> Successfully installed"),
                                ("-use", KEYS[1], "Changing primary key on all members...\n==> Successfully changed "
                                                  "primary")):
            self.assertEqual(self.serf("keys", flag, key), f"==> {text} key!\n")
        self.assertEqual(listed(), [f"{KEYS[0]}  [3/3]", f"{KEYS[1]}  [3/3]"])
        self.assertEqual(self.serf("keys", "-remove", KEYS[0]),
                         "==> Removing key on all members...\n==> Successfully removed key!\n")
        self.assertEqual([json.loads(self.keyring(a.name).read_text()) for a in self.agents], [[KEYS[1]]] * 3)
        for args, message in ((("-remove", KEYS[1]), "Removing the primary key is not allowed"),
                              (("-use", KEYS[2]), "Requested key is not in the keyring")):
            out = self.serf("keys", *args, code=1)
            self.assertEqual(out.count(f"  {message}\n"), 3, out)
            self.assertIn(": 3/3 nodes reported failure\n", out)
        # Nobody is bothered with a key that nobody can take.
        self.assertEqual(self.serf("keys", "-install", "c2hvcnQ=", code=1),
                         "==> Installing key on all members...\n\n"
                         "Error installing key: key size must be 16, 24 or 32 bytes\n")

    def test_a_token(self):
        config = self.folder / "token.json"
        config.write_text(json.dumps({"rpc_auth": "s3cret"}))
        guarded = Gossipd("delta", "127.122.0.4", self.folder)
        self.addCleanup(guarded.kill)
        os.environ["GOSSIP_RPC_AUTH"] = "s3cret"
        self.addCleanup(os.environ.pop, "GOSSIP_RPC_AUTH")
        guarded.start("--config-file", str(config))
        at = {"at": "127.122.0.4"}
        self.assertEqual(self.serf("members", code=1, **at), "Error retrieving members: Authentication required\n")
        self.assertEqual(self.serf("members", "-rpc-auth=wrong", code=1, **at),
                         "Error connecting to Serf agent: Invalid authentication token\n")
        self.assertIn("delta", self.serf("members", "-rpc-auth=s3cret", **at))


if __name__ == "__main__":
    unittest.main()
