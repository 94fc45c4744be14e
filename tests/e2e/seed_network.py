"""A network of its own for tests of seeds: namespaces with their own /etc, a real dnsmasq, and a name server that makes
trouble. dnsmasq comes out of Debian's package, unpacked by tests/run.sh and never installed.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import unittest

from gossipd_agent import LIMIT_S, ROOT, wait_until

UNPACKED = pathlib.Path(os.environ.get("GOSSIP_DNSMASQ", ROOT / "build" / "dnsmasq"))
SERVER = "127.0.0.53"
TROUBLE = "127.0.0.54"


class Network:
    """Namespaces for network and files that live as long as the process which holds them: until its stdin is closed.

    `folder` gets what is seen at /etc inside, so that the resolver asks our server.
    """

    def __init__(self, folder):
        for tool in ("unshare", "nsenter", "ip"):
            if shutil.which(tool) is None:
                raise unittest.SkipTest(f"no {tool} on this host")
        self.folder = folder
        self.holders = []
        etc = folder / "etc"
        etc.mkdir()
        for name in ("passwd", "group", "ld.so.cache"):
            if os.path.exists(f"/etc/{name}"):
                shutil.copy(f"/etc/{name}", etc / name)
        (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files dns\n")
        (etc / "hosts").write_text("127.0.0.1 localhost\n")
        (etc / "resolv.conf").write_text(f"nameserver {SERVER}\noptions timeout:5 attempts:1\n")
        holder = self.hold(["unshare", "--map-root-user", "--net", "--mount"],
                           f"mount --bind '{etc}' /etc && ip link set lo up &&")
        self.enter = ["nsenter", "--preserve-credentials", "--user", "--net", "--mount", "--target", str(holder.pid)]

    def hold(self, begin, first=""):
        holder = subprocess.Popen([*begin, "sh", "-c", f"{first} echo ready; exec cat"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.holders.append(holder)
        if holder.stdout.readline() != "ready\n":
            holder.wait()
            raise unittest.SkipTest("no namespaces here: " + holder.stderr.read().strip())
        return holder

    def second_host(self):
        """Another host beside the first; both have an eth0, on one cable. Returns what enters it."""
        holder = self.hold([*self.enter, "unshare", "--net"], "ip link set lo up &&")
        self.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        return [*self.enter, "nsenter", "--net", "--target", str(holder.pid)]

    def run(self, *command, enter=None):
        done = subprocess.run([*(enter or self.enter), *command], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=LIMIT_S)
        if done.returncode != 0:
            raise AssertionError(f"{command}: {done.stdout}{done.stderr}")

    def close(self):
        for holder in reversed(self.holders):
            holder.stdin.close()
            holder.wait()
            holder.stdout.close()
            holder.stderr.close()


class NameServer:
    """dnsmasq for the domain "test", whose addresses can change while it runs."""

    def __init__(self, network, *options):
        program = UNPACKED / "usr" / "sbin" / "dnsmasq"
        if not program.exists():
            raise unittest.SkipTest(f"no dnsmasq in {UNPACKED}: tests/run.sh unpacks it")
        self.hosts = network.folder / "names"
        self.hosts.write_text("")
        libraries = ":".join(str(path) for path in UNPACKED.glob("usr/lib/*-linux-gnu*"))
        self.log = open(network.folder / "dnsmasq.log", "w+")
        self.process = subprocess.Popen(
            [*network.enter, "env", f"LD_LIBRARY_PATH={libraries}", str(program), "--no-daemon",
             "--conf-file=/dev/null", "--pid-file=", "--no-resolv", "--no-hosts", "--local=/test/",
             "--log-facility=-", "--log-queries", f"--listen-address={SERVER}", "--bind-interfaces",
             f"--addn-hosts={self.hosts}", *options], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        wait_until("dnsmasq runs", lambda: self.process.poll() is not None or "started" in self.said())
        if self.process.poll() is not None:
            raise AssertionError(self.said())

    def said(self):
        return pathlib.Path(self.log.name).read_text()

    def set(self, **names):
        """set(seed=["10.0.0.1"]) gives seed.test that address, and every other name none."""
        self.hosts.write_text("".join(f"{ip} {name}.test\n" for name, ips in names.items() for ip in ips))
        before = self.said().count(f"read {self.hosts}")
        self.process.send_signal(signal.SIGHUP)
        wait_until("dnsmasq has read its hosts", lambda: self.said().count(f"read {self.hosts}") > before)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


class TroubleServer:
    """Answers SERVFAIL, or late: TroubleServer(network, "servfail"), (network, "slow"). `heal` makes it answer well."""

    def __init__(self, network, kind, address):
        self.healed = network.folder / f"{kind}.healed"
        self.process = subprocess.Popen(
            [*network.enter, sys.executable, str(pathlib.Path(__file__).with_name("trouble_dns.py")), kind, TROUBLE,
             str(self.healed), address], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def heal(self):
        self.healed.write_text("")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
