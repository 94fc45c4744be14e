"""The gossip port against noise, forged lengths and idle connections: no memory kept, nobody hindered.

What each decoder refuses is tested without sockets in tests/unit; here is what the whole agent keeps of it.
Addresses: 127.0.46.0/24.
"""

import base64
import json
import os
import pathlib
import random
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("GOSSIP_BUILD", ROOT / "build"))
GOSSIPD = os.environ.get("GOSSIPD", str(BUILD / "agent" / "gossipd"))
GOSSIPCTL = os.environ.get("GOSSIPCTL", str(BUILD / "cli" / "gossipctl"))

TARGET = ("127.0.46.1", 7946)
SENDERS = [f"127.0.46.{host}" for host in range(10, 20)]
PACKETS = 20_000
BATCH = 50  # of at most 1400 bytes: what a default receive buffer holds
WARM_UP = 1_000
FORGED_ROUNDS = 25
IDLE = 200
MAX_GROWTH_KB = 4 * 1024
HUGE = 2**31

# Only ends a test that would hang.
LIMIT_S = 60

# Message types (spec/gossip-wire.md, section 2).
PING, SUSPECT, ALIVE, PUSH_PULL, COMPOUND, USER, COMPRESS, ENCRYPT = 0, 3, 4, 6, 7, 8, 9, 10


def text(value):
    return bytes([0xA0 + len(value)]) + value.encode()


def uint32(value):
    return b"\xce" + value.to_bytes(4, "big")


def huge_raw():
    """The head of a raw of 2^31 bytes, and a few of them."""
    return b"\xdb" + HUGE.to_bytes(4, "big") + b"abc"


def message(kind, **fields):
    """A type byte and a map; a field that is bytes is msgpack already."""
    packed = bytes([kind, 0x80 + len(fields)])
    for name, value in fields.items():
        packed += text(name) + (value if isinstance(value, bytes) else uint32(value))
    return packed


def forged_streams():
    nodes_missing = message(PUSH_PULL, Join=b"\xc3", Nodes=HUGE, UserStateLen=0)
    row = message(0, Name=text("x"), Addr=huge_raw())[1:]
    return {
        "rows of a push/pull": nodes_missing,
        "user state": message(PUSH_PULL, Join=b"\xc3", Nodes=0, UserStateLen=HUGE),
        "user message": message(USER, UserMsgLen=HUGE) + b"abc",
        "raw in a row": message(PUSH_PULL, Join=b"\xc2", Nodes=1, UserStateLen=0) + row,
        "raw in a ping": message(PING, SeqNo=1, Node=huge_raw()),
        "map": bytes([PUSH_PULL, 0xDF]) + HUGE.to_bytes(4, "big") + text("Nodes"),
        "compressed": message(COMPRESS, Algo=b"\x00", Buf=huge_raw()),
        "encrypted": bytes([ENCRYPT]) + HUGE.to_bytes(4, "big") + b"abc",
    }


def forged_packets():
    return [
        message(PING, SeqNo=1, Node=huge_raw()),
        message(SUSPECT, Incarnation=1, Node=huge_raw()),
        message(ALIVE, Incarnation=1, Node=text("x"), Addr=b"\xa4\x7f\x00\x2e\x09", Meta=huge_raw()),
        bytes([ALIVE, 0xDF]) + HUGE.to_bytes(4, "big"),
        bytes([COMPOUND, 0xFF]) + b"\xff\xff" * 255,
        message(COMPRESS, Algo=b"\x00", Buf=huge_raw()),
    ]


def wait_until(what, condition):
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.002)
    raise AssertionError(f"not within {LIMIT_S} s: {what}")


class HostileGossipTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gossipd-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.random = random.Random(46)
        self.sockets = []
        for ip in SENDERS:
            sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.addCleanup(sender.close)
            sender.bind((ip, 0))
            self.sockets.append(sender)
        self.sent = 0

    def start(self, name, *flags):
        log = self.folder / f"{name}.log"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GOSSIP_", "SERF_", "XDG_"))}
        # ASan keeps what was freed; that is not the agent's memory.
        kept["ASAN_OPTIONS"] = kept.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=0:thread_local_quarantine_size_kb=0"
        with open(log, "wb") as out:
            agent = subprocess.Popen(
                [GOSSIPD, "--node", name, "--rpc-addr", str(self.folder / f"{name}.sock"), *flags],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=kept)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.kill)
        wait_until(f"{name} runs", lambda: agent.poll() is not None or self.ctl(name, "info").returncode == 0)
        self.assertIsNone(agent.poll(), log.read_text())
        return agent

    def ctl(self, name, command):
        return subprocess.run([GOSSIPCTL, command, "--format=json", "--rpc-addr", str(self.folder / f"{name}.sock")],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S)

    def info(self, section):
        return {name: int(value) for name, value in json.loads(self.ctl("one", "info").stdout)[section].items()}

    def members(self, name):
        return {m["name"]: m["status"] for m in json.loads(self.ctl(name, "members").stdout)["members"]}

    def memory_kb(self, agent):
        status = pathlib.Path(f"/proc/{agent.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    def send_packets(self, count):
        """Noise of all sizes, one in ten with a forged length; each batch is waited for, so that none is lost."""
        forged = forged_packets()
        for _ in range(count // BATCH):
            for _ in range(BATCH):
                self.sent += 1
                packet = self.random.randbytes(self.random.randint(1, 1400))
                if self.sent % 10 == 0:
                    packet = forged[self.sent // 10 % len(forged)]
                self.sockets[self.sent % len(self.sockets)].sendto(packet, TARGET)
            wait_until(f"{self.sent} packets have been read",
                       lambda: self.info("network")["packets_received"] >= self.sent)

    def send_stream(self, data):
        """Until the agent has closed it."""
        with socket.create_connection(TARGET, LIMIT_S) as stream:
            stream.sendall(data)
            stream.shutdown(socket.SHUT_WR)
            try:
                while stream.recv(4096):
                    pass
            except ConnectionResetError:
                pass  # closed with bytes unread

    def beset(self, *flags):
        """The whole attack on one agent with these flags; what it dropped, by kind."""
        agent = self.start("one", f"--bind={TARGET[0]}", *flags)
        self.send_packets(WARM_UP)
        for data in forged_streams().values():
            self.send_stream(data)
        before_kb = self.memory_kb(agent)
        dropped_before = self.info("dropped")

        self.send_packets(PACKETS)
        for data in forged_streams().values():
            for _ in range(FORGED_ROUNDS):
                self.send_stream(data)
        for _ in range(IDLE):
            self.addCleanup(socket.create_connection(TARGET, LIMIT_S).close)
        self.start("two", "--bind=127.0.46.2", f"--join={TARGET[0]}", *flags)

        for name in ("one", "two"):
            wait_until(f"{name} sees both", lambda n=name: self.members(n) == {"one": "alive", "two": "alive"})
        self.assertLessEqual(self.memory_kb(agent) - before_kb, MAX_GROWTH_KB)
        dropped = {kind: count - dropped_before[kind] for kind, count in self.info("dropped").items()}
        # No packet of these is a message.
        self.assertGreaterEqual(sum(dropped.values()), PACKETS)
        # Connections that have said nothing make room for others.
        self.assertGreater(dropped["stream_limit"], 0)
        return dropped

    def test_noise_and_forged_lengths_cost_nothing_and_hinder_nobody(self):
        dropped = self.beset()
        for kind in ("unknown_type", "malformed", "truncated", "bad_checksum", "wrong_label"):
            self.assertGreater(dropped[kind], 0, kind)
        # Where no key is set: the streams, and noise that begins as a sealed packet does.
        self.assertGreater(dropped["undecryptable"], FORGED_ROUNDS)

    def test_with_encryption_they_are_refused_unopened(self):
        key = self.folder / "key"
        key.write_text(base64.b64encode(bytes([46]) * 32).decode())
        dropped = self.beset("--encrypt-file", str(key))
        self.assertGreaterEqual(dropped["undecryptable"] + dropped["wrong_label"], PACKETS)
        self.assertEqual(dropped["too_large"], FORGED_ROUNDS)  # the announced length of the frame
        self.assertEqual(dropped["plaintext"], FORGED_ROUNDS * (len(forged_streams()) - 1))


if __name__ == "__main__":
    unittest.main()
