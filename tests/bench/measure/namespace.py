"""A network of our own: nobody else's packets are counted, and members can be cut off."""

import os
import shutil
import subprocess
import sys

_MARK = "GOSSIP_BENCH_NAMESPACE"


def enter():
    """Starts the program anew in a network namespace whose loopback is up. Exits with a reason if it may not."""
    if os.environ.get(_MARK):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    for program, package in (("unshare", "util-linux"), ("ip", "iproute2")):
        if not shutil.which(program):
            sys.exit(f"{program} is missing: install {package}")
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    probe = subprocess.run(["unshare", *root, "--net", "true"], capture_output=True, text=True)
    if probe.returncode != 0:
        sys.exit(f"no network namespace of our own: {probe.stderr.strip()}; run this as root or in a "
                 "container with CAP_SYS_ADMIN")
    os.environ[_MARK] = "1"
    os.execvp("unshare", ["unshare", *root, "--net", sys.executable, *sys.argv])


class Unavailable(RuntimeError):
    """This machine cannot do that; the message says why."""


def _nft(rules, check=True):
    if not shutil.which("nft"):
        raise Unavailable("nft is missing: install nftables")
    done = subprocess.run(["nft", "-f", "-"], input=rules, text=True, capture_output=True)
    if check and done.returncode != 0:
        raise Unavailable(f"nft refuses: {done.stderr.strip()}")


def _set_rules(rules):
    _nft("add table ip bench\ndelete table ip bench\n"
         "table ip bench {\nchain in {\ntype filter hook input priority 0; policy accept;\n" +
         "\n".join(rules) + "\n}\n}\n")


def silence(addresses, rpc_port):
    """From now on nothing but RPC reaches these addresses or comes from them; nobody is told."""
    _set_rules([f"ip {side} {address} tcp dport {rpc_port} accept\n ip {side} {address} tcp sport {rpc_port} accept\n"
                f" ip {side} {address} drop" for address in addresses for side in ("daddr", "saddr")])


def lose(percent):
    """So much of all datagrams is lost, by chance."""
    _set_rules([f"meta l4proto udp numgen random mod 1000 < {round(percent * 10)} drop"])


def mend():
    """All goes through again."""
    _nft("add table ip bench\ndelete table ip bench\n")
