"""Seeds that are names, with a real name server in a network of their own: records that change while agents run, names
that do not exist yet, servers that fail or are slow, whole clusters that come back at other addresses, and a split that
lasts longer than members are remembered.
"""

import json
import pathlib
import select
import signal
import subprocess
import tempfile
import time
import unittest

import rpc_agent
from gossipd_agent import GOSSIPCTL, GOSSIPD, LIMIT_S, environment, wait_until
from seed_network import NameServer, Network, TROUBLE, TroubleServer

# Quick, and forgets members soon after they have failed.
TUNED = """
profile = "local"
retry_interval = "1s"
seed_refresh = "1s"
reconnect_timeout = "1s"
reap_interval = "500ms"
rpc_mode = "0600"
[swim]
probe_interval = "300ms"
probe_timeout = "100ms"
"""


class NamesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gossip-names-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.network = Network(self.folder)
        self.addCleanup(self.network.close)
        self.agents = {}
        self.addCleanup(self.end_agents)
        (self.folder / "tuned.toml").write_text(TUNED)

    def end_agents(self):
        for name in list(self.agents):
            self.kill(name)

    def serve(self, *options):
        server = NameServer(self.network, *options)
        self.addCleanup(server.close)
        return server

    def start(self, name, bind, *flags, enter=None):
        with open(self.folder / f"{name}.log", "ab") as log:
            self.agents[name] = subprocess.Popen(
                [*(enter or self.network.enter), GOSSIPD, f"--node={name}", f"--bind={bind}", "--rpc-addr",
                 str(self.folder / f"{name}.sock"), "--config-file", str(self.folder / "tuned.toml"), *flags],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment())
        wait_until(f"{name} runs", lambda: self.ctl(name, "info").returncode == 0)

    def kill(self, name):
        agent = self.agents.pop(name)
        agent.kill()
        agent.wait()

    def ctl(self, name, command, *flags):
        return subprocess.run([*self.network.enter, GOSSIPCTL, command, "--rpc-addr", str(self.folder / f"{name}.sock"),
                               *flags], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S,
                              env=environment())

    def alive(self, name):
        listed = json.loads(self.ctl(name, "members", "--format=json").stdout)["members"]
        return {member["name"]: member["addr"] for member in listed if member["status"] == "alive"}

    def known(self, name):
        return {member["name"] for member in json.loads(self.ctl(name, "members", "--format=json").stdout)["members"]}

    def all_see(self, names):
        wait_until(f"all of {names} see each other",
                   lambda: all(set(self.alive(name)) == set(names) for name in names))

    def seed(self, name):
        return json.loads(self.ctl(name, "info", "--seeds", "--format=json").stdout)["seeds"][0]

    def seed_says(self, name, text):
        wait_until(f"the seed of {name} says {text!r}", lambda: text in self.seed(name)["error"])


class RecordTest(NamesTest):
    def test_a_name_that_does_not_exist_yet_and_one_that_changes(self):
        server = self.serve()
        self.start("a", "127.1.0.1")
        self.start("b", "127.1.0.2", "--retry-join=dns+seed.test")
        self.seed_says("b", "Name or service not known")
        server.set(seed=["127.1.0.9", "127.1.0.2"])  # nobody, and itself
        self.seed_says("b", "127.1.0.9:7946: ")
        server.set(seed=["127.1.0.2"])
        self.seed_says("b", "it names this agent alone")
        server.set(seed=["127.1.0.2", "127.1.0.1"])
        self.all_see(["a", "b"])
        wait_until("the seed is met", lambda: self.seed("b")["state"] == "met")
        # The cluster grows by somebody whom only the name knows.
        self.start("c", "127.1.0.3")
        server.set(seed=["127.1.0.2", "127.1.0.1", "127.1.0.3"])
        self.all_see(["a", "b", "c"])

    def test_services(self):
        server = self.serve("--srv-host=_gossip._tcp.test,one.test,7951", "--srv-host=_gossip._tcp.test,two.test,7952")
        server.set(one=["127.1.0.1"], two=["127.1.0.2"])
        self.start("a", "127.1.0.1:7951")
        self.start("b", "127.1.0.2:7952")
        self.start("c", "127.1.0.3", "--retry-join=dnssrv+_gossip._tcp.test")
        self.all_see(["a", "b", "c"])
        self.assertEqual(sorted(self.seed("c")["answer"]), ["127.1.0.1:7951", "127.1.0.2:7952"])
        self.start("d", "127.1.0.4", "--retry-join=srv:_other._tcp.test")
        self.seed_says("d", "there is no such name")

    def test_both_families(self):
        try:
            self.network.run("ip", "addr", "add", "fd66::1/64", "dev", "lo", "nodad")
        except AssertionError as error:
            self.skipTest(f"no IPv6 here: {error}")
        server = self.serve()
        server.set(seed=["127.1.0.9", "fd66::1"])
        self.start("a", "[::]:7946", "--advertise=fd66::1")
        self.start("b", "[::]:7947", "--advertise=[fd66::1]:7947", "--retry-join=seed.test:7946")
        self.all_see(["a", "b"])
        self.assertEqual(set(self.seed("b")["answer"]), {"127.1.0.9:7946", "[fd66::1]:7946"})


class ServerTest(NamesTest):
    def test_a_server_that_fails(self):
        trouble = TroubleServer(self.network, "servfail", "127.1.0.1")
        self.addCleanup(trouble.close)
        self.serve(f"--server=/broken.example/{TROUBLE}#{trouble.port}")
        self.start("a", "127.1.0.1")
        self.start("b", "127.1.0.2", "--retry-join=seed.broken.example", "--retry-join=srv:_g._tcp.broken.example")
        self.seed_says("b", "Temporary failure in name resolution")
        trouble.heal()
        self.all_see(["a", "b"])

    def test_a_server_that_is_slow_holds_nothing_up(self):
        trouble = TroubleServer(self.network, "slow", "127.1.0.1")
        self.addCleanup(trouble.close)
        server = self.serve(f"--server=/slow.example/{TROUBLE}#{trouble.port}")
        server.set(quick=["127.1.0.1"])
        self.start("a", "127.1.0.1")
        slow = [f"--retry-join=dns+{name}.slow.example" for name in ("x", "y")]
        self.start("b", "127.1.0.2", *slow, "--snapshot", str(self.folder / "b.snapshot"))
        wait_until("it is looking up", lambda: self.seed("b")["state"] == "looking up")
        # Joins, files and clients go on meanwhile.
        self.assertEqual(self.ctl("b", "join", "127.1.0.1").returncode, 0)
        self.all_see(["a", "b"])
        wait_until("the snapshot names a", lambda: "alive: a " in (self.folder / "b.snapshot").read_text())
        self.seed_says("b", "Temporary failure in name resolution")

    def test_no_server_at_all(self):
        self.start("a", "127.1.0.1", "--retry-join=seed.test", "--retry-join=srv:_g._tcp.test")
        self.seed_says("a", "cannot resolve")
        self.agents["a"].terminate()
        self.assertEqual(self.agents["a"].wait(LIMIT_S), 0)


class ReloadTest(NamesTest):
    def setUp(self):
        super().setUp()
        self.trouble = TroubleServer(self.network, "slow", "127.1.0.1")
        self.addCleanup(self.trouble.close)
        server = self.serve(f"--server=/slow.example/{TROUBLE}#{self.trouble.port}")
        server.set(there=["127.1.0.1"])
        self.start("a", "127.1.0.1")

    def write(self, first, last=""):
        (self.folder / "tuned.toml").write_text(first + TUNED + last)

    def logs(self, text):
        return (self.folder / "a.log").read_text().count(text)

    def test_a_name_that_does_not_exist_is_refused(self):
        self.write('advertise = "away.test"\nlabel = "x"\n')
        done = self.ctl("a", "reload")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f'{self.folder / "tuned.toml"}:1:1: advertise: cannot resolve "away.test": ', done.stderr)
        self.write('advertise = "there.test"\nlabel = "x"\n')
        self.assertEqual(self.ctl("a", "reload").stdout, "Waiting for a restart: advertise, label\n")

    def test_a_server_that_is_slow_holds_nothing_up(self):
        self.write('metrics_addr = "x.slow.example:80"\n', '[tags]\nb = "1"\n')
        with subprocess.Popen([*self.network.enter, GOSSIPCTL, "reload", "--rpc-addr", str(self.folder / "a.sock")],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment()) as first:
            wait_until("it reloads", lambda: self.logs("==> Reloading") == 1)
            self.assertEqual(self.ctl("a", "tags").stdout, "")
            # Who asks meanwhile may have changed the files.
            self.write("", '[tags]\nb = "2"\n')
            self.agents["a"].send_signal(signal.SIGHUP)
            self.assertIn("Taken over: tags\n", self.ctl("a", "reload").stdout)
            self.assertEqual(self.ctl("a", "tags").stdout, "b=2\n")
            said = first.communicate(timeout=LIMIT_S)[0]
            self.assertIn('metrics_addr: cannot resolve "x.slow.example": Temporary failure', said)
            self.assertIn("Taken over: tags\n", said)
        self.assertEqual(self.logs("==> Reloading"), 2)

    def test_not_any_number_of_clients_waits(self):
        self.write('metrics_addr = "x.slow.example:80"\n')
        clients = [rpc_agent.Client(str(self.folder / "a.sock")) for _ in range(65)]
        for client in clients:
            self.addCleanup(client.close)
        self.agents["a"].send_signal(signal.SIGHUP)
        wait_until("it reloads", lambda: self.logs("==> Reloading") == 1)
        # Signals, however many, take one place.
        while self.logs("==> Caught signal: hangup") <= 65:
            self.agents["a"].send_signal(signal.SIGHUP)
            time.sleep(0.001)
        for client in clients:
            client.send("reload")

        def answered():
            return [client for client in clients if select.select([client.socket], [], [], 0)[0]]
        wait_until("two are refused", lambda: len(answered()) == 2)
        refused = answered()
        for client in refused:
            self.assertEqual(client.next()["Error"], "too many reloads wait, the limit is 64")
        self.write("")
        self.trouble.heal()
        for client in clients:
            if client not in refused:
                self.assertEqual(client.next()["Error"], "")
        self.assertEqual(self.logs("==> Reloading"), 2)

    def test_an_end_does_not_wait_for_names(self):
        self.write('metrics_addr = "x.slow.example:80"\n')
        self.agents["a"].send_signal(signal.SIGHUP)
        wait_until("it reloads", lambda: self.logs("==> Reloading") == 1)
        before = time.monotonic()
        self.agents["a"].terminate()
        self.assertEqual(self.agents["a"].wait(LIMIT_S), 0)
        self.assertLess(time.monotonic() - before, 4)


class RestartTest(NamesTest):
    def test_all_come_back_at_other_addresses_in_any_order(self):
        server = self.serve()
        names = ["a", "b", "c"]
        server.set(seed=[f"127.1.0.{n}" for n in (1, 2, 3)])

        def start(name, address):
            self.start(name, address, "--retry-join=seed.test", "--snapshot", str(self.folder / f"{name}.snapshot"))

        for number, name in enumerate(names, 1):
            start(name, f"127.1.0.{number}")
        self.all_see(names)
        for round_number, order in enumerate((["c", "a", "b"], ["b", "c", "a"]), 1):
            for name in names:
                self.kill(name)
            server.set(seed=[f"127.1.{round_number}.{n}" for n in (1, 2, 3)])
            for name in order:
                start(name, f"127.1.{round_number}.{names.index(name) + 1}")
            self.all_see(names)
            for name in names:
                self.assertEqual({ip.split(":")[0] for ip in self.alive(name).values()},
                                 {f"127.1.{round_number}.{n}" for n in (1, 2, 3)})


class SplitTest(NamesTest):
    def test_a_split_that_lasts_longer_than_members_are_remembered(self):
        other = self.network.second_host()
        for enter, number in ((self.network.enter, 1), (other, 2)):
            self.network.run("ip", "addr", "add", f"10.66.{number}.1/16", "dev", "eth0", enter=enter)
            self.network.run("ip", "addr", "add", f"10.66.{number}.2/16", "dev", "eth0", enter=enter)
            self.network.run("ip", "link", "set", "eth0", "up", enter=enter)
        seeds = ["--retry-join=10.66.1.1", "--retry-join=10.66.2.1"]
        for name, enter, address in (("a", self.network.enter, "10.66.1.1"), ("b", self.network.enter, "10.66.1.2"),
                                     ("c", other, "10.66.2.1"), ("d", other, "10.66.2.2")):
            self.start(name, address, *seeds, enter=enter)
        self.all_see(["a", "b", "c", "d"])
        self.network.run("ip", "link", "set", "eth0", "down")
        wait_until("both halves have forgotten each other",
                   lambda: [self.known(name) for name in "abcd"] == [{"a", "b"}] * 2 + [{"c", "d"}] * 2)
        self.network.run("ip", "link", "set", "eth0", "up")
        self.all_see(["a", "b", "c", "d"])


if __name__ == "__main__":
    unittest.main()
