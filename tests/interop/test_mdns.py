"""Agents that find each other by mDNS: each in a network namespace of its own, all on one bridge.

Where the system permits no namespaces (no CAP_SYS_ADMIN, no user namespaces) the tests are skipped and say so.
"""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from agents import GOSSIPCTL, GOSSIPD, LIMIT_S, SERF, wait_until


class Namespace:
    """A network namespace that lives as long as the process which holds it: until its stdin is closed."""

    def __init__(self):
        # A user namespace for those who are not root; `cat` ends with this test, however that ends.
        self.holder = subprocess.Popen(["unshare", "--map-root-user", "--net", "sh", "-c", "echo ready; exec cat"],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       text=True)
        if self.holder.stdout.readline() != "ready\n":
            self.holder.wait()
            raise unittest.SkipTest("no network namespaces here: " + self.holder.stderr.read().strip())
        self.enter = ["nsenter", "--preserve-credentials", "--user", "--net", "--target", str(self.holder.pid)]

    def run(self, *command, check=True):
        done = subprocess.run([*self.enter, *command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=LIMIT_S)
        if check and done.returncode != 0:
            raise AssertionError(f"{command}: {done.stdout}{done.stderr}")
        return done

    def close(self):
        self.holder.stdin.close()
        self.holder.wait()
        self.holder.stdout.close()
        self.holder.stderr.close()


class MdnsTest(unittest.TestCase):
    COUNT = 3

    def setUp(self):
        for tool in ("unshare", "nsenter", "ip"):
            if shutil.which(tool) is None:
                self.skipTest(f"no {tool} on this host")
        folder = tempfile.TemporaryDirectory(prefix="gossip-mdns-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.agents = {}
        # One user namespace for all, or they could not be joined by cables: the hosts are made inside it.
        self.hub = Namespace()
        self.addCleanup(self.hub.close)
        self.addCleanup(self.end_agents)
        self.hosts = []
        try:
            self.build()
        except AssertionError as error:
            self.skipTest(f"no bridge between namespaces here: {error}")

    def build(self):
        hub = self.hub
        hub.run("ip", "link", "add", "bridge", "type", "bridge", "mcast_snooping", "0")
        hub.run("ip", "link", "set", "bridge", "up")
        for number in range(1, self.COUNT + 1):
            holder = subprocess.Popen([*hub.enter, "unshare", "--net", "sh", "-c", "echo ready; exec cat"],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.addCleanup(self.release, holder)
            if holder.stdout.readline() != "ready\n":
                raise AssertionError("unshare in the hub failed")
            hub.run("ip", "link", "add", f"port{number}", "type", "veth", "peer", "name", "eth0",
                    "netns", str(holder.pid))
            hub.run("ip", "link", "set", f"port{number}", "master", "bridge", "up")
            host = [*hub.enter, "nsenter", "--net", "--target", str(holder.pid)]
            for command in ("ip link set lo up", f"ip addr add 10.77.0.{number}/24 dev eth0",
                            f"ip addr add fd77::{number}/64 dev eth0 nodad", "ip link set eth0 up"):
                subprocess.run([*host, *command.split()], check=True, capture_output=True, timeout=LIMIT_S)
            self.hosts.append(host)
        for host in self.hosts:  # link-local addresses are not to be had at once
            wait_until("no tentative address is left", lambda h=host: subprocess.run(
                [*h, "ip", "-6", "addr", "show", "dev", "eth0", "tentative"], capture_output=True).stdout == b"")

    @staticmethod
    def release(holder):
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()

    def end_agents(self):
        for agent in self.agents.values():
            agent["process"].kill()
            agent["process"].wait()

    def begin(self, number, name, command, client):
        with open(self.folder / f"{name}.log", "wb") as log:
            process = subprocess.Popen([*self.hosts[number - 1], *command], stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log)
        self.agents[name] = {"process": process, "client": [*self.hosts[number - 1], *client]}
        wait_until(f"{name} runs", lambda: process.poll() is not None or self.view(name) is not None)
        self.assertIsNone(process.poll(), self.log(name))

    def gossipd(self, number, name, *flags, bind=None, cluster="web"):
        rpc = str(self.folder / f"{name}.sock")
        self.begin(number, name,
                   [str(GOSSIPD), "--node", name, "--bind", bind or f"10.77.0.{number}", "--rpc-addr", rpc,
                    "--discover", cluster, "--log-level=debug", *flags],
                   [str(GOSSIPCTL), "members", "--format=json", "--rpc-addr", rpc])

    def serf(self, number, name, *flags, cluster="web"):
        if not SERF.exists():
            self.skipTest(f"no serf at {SERF}")
        # 0.9.4 crashes where no route leads to the group, whatever its -iface says.
        for family in ("-4", "-6"):
            subprocess.run([*self.hosts[number - 1], "ip", family, "route", "add", "default", "dev", "eth0"],
                           check=True, capture_output=True, timeout=LIMIT_S)
        self.begin(number, name,
                   [str(SERF), "agent", f"-node={name}", f"-bind=10.77.0.{number}", "-iface=eth0",
                    f"-discover={cluster}", "-log-level=debug", *flags],
                   [str(SERF), "members", "-format=json"])

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def view(self, name):
        """name → status, or None if the agent does not answer."""
        done = subprocess.run(self.agents[name]["client"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=LIMIT_S)
        if done.returncode != 0:
            return None
        return {m["name"]: m["status"] for m in json.loads(done.stdout)["members"] or []}

    def wait_together(self, *names):
        together = dict.fromkeys(names, "alive")
        try:
            for name in names:
                wait_until(f"{name} sees {together}", lambda: self.view(name) == together)
        except AssertionError as error:
            raise AssertionError(f"{error}\n" + "\n".join(f"== {n}\n{self.log(n)}" for n in names)) from None

    def test_gossipd_finds_gossipd(self):
        """Three of one cluster are together, and one host has two agents."""
        for number, name in ((1, "a"), (2, "b"), (3, "c")):
            self.gossipd(number, name)
        self.gossipd(3, "d", bind="10.77.0.3:8000")
        self.wait_together("a", "b", "c", "d")
        self.assertIn("mDNS cluster: web", self.log("a"))
        self.assertIn("agent.mdns: Joined", self.log("d"))
        client = [*self.agents["d"]["client"][:-4], "info", "--seeds", *self.agents["d"]["client"][-3:]]

        def met():
            told = subprocess.run(client, capture_output=True, text=True, timeout=LIMIT_S, check=True).stdout
            (seed,) = json.loads(told)["seeds"]
            return seed if seed["state"] == "met" else None

        seed = wait_until("the seed is met", met)
        self.assertEqual((seed["seed"], seed["kind"], seed["error"], seed["note"]),
                         ("mdns:web", "mdns", "", "asked by multicast"))
        self.assertIn("10.77.0.1:7946", seed["answer"])

    def test_clusters_of_other_names_stay_apart(self):
        self.gossipd(1, "a")
        self.gossipd(2, "other", cluster="Web")
        self.gossipd(3, "b")
        self.wait_together("a", "b")
        self.assertEqual(self.view("other"), {"other": "alive"})
        self.assertNotIn("agent.mdns: ", self.log("other"))

    def test_gossipd_finds_serf(self):
        self.serf(1, "serf")
        self.gossipd(2, "gossipd")
        self.wait_together("serf", "gossipd")
        wait_until("gossipd has joined", lambda: "agent.mdns: Joined 1 hosts" in self.log("gossipd"))

    def test_serf_finds_gossipd(self):
        self.gossipd(1, "gossipd")
        self.serf(2, "serf")
        self.wait_together("serf", "gossipd")
        wait_until("Serf has joined what it found",
                   lambda: any("joining: [" in line and "10.77.0.1:7946" in line
                               for line in self.log("serf").splitlines()))

    def test_ipv6_alone(self):
        for number, name in ((1, "a"), (2, "b")):
            self.gossipd(number, name, "--mdns-disable-ipv4", bind=f"[fd77::{number}]:7946")
        self.wait_together("a", "b")

    def test_ipv4_alone_on_the_interface_given(self):
        # Bound to every address, as most are.
        for number, name in ((1, "a"), (2, "b")):
            self.gossipd(number, name, "--mdns-disable-ipv6", "--mdns-iface=eth0",
                         f"--advertise=10.77.0.{number}", bind="0.0.0.0")
        self.wait_together("a", "b")

    def test_an_interface_that_is_not_there_ends_the_start(self):
        done = subprocess.run([*self.hosts[0], str(GOSSIPD), "--bind=10.77.0.1", "--discover=web",
                               "--mdns-iface=nosuch0", "--rpc-addr", str(self.folder / "x.sock")],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertTrue(done.stderr.endswith("gossipd: --mdns-iface: there is no network interface \"nosuch0\"\n"), done.stderr)
        self.assertFalse((self.folder / "x.sock").exists())


if __name__ == "__main__":
    unittest.main()
