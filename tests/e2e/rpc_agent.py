"""An agent whose RPC port is tested, and a client that speaks to it byte by byte."""

import os
import pathlib
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("GOSSIP_BUILD", ROOT / "build"))
GOSSIPD = os.environ.get("GOSSIPD", str(BUILD / "agent" / "gossipd"))

# Only ends a test that would hang.
LIMIT_S = 60


def pack(value):
    """Text, bytes, numbers from 0, lists and maps as MessagePack."""
    if isinstance(value, int):
        return struct.pack(">BQ", 0xCF, value) if value > 127 else bytes([value])
    if isinstance(value, bytes):
        return struct.pack(">BI", 0xC6, len(value)) + value
    if isinstance(value, str):
        text = value.encode()
        return struct.pack(">BI", 0xDB, len(text)) + text
    if isinstance(value, list):
        return struct.pack(">BI", 0xDD, len(value)) + b"".join(map(pack, value))
    return struct.pack(">BI", 0xDF, len(value)) + b"".join(pack(k) + pack(v) for k, v in value.items())


class Unpacker:
    """Objects out of a byte stream, of the types that an agent sends."""

    def __init__(self, read):
        self.read = read

    def next(self):
        tag = self.read(1)[0]
        if tag < 0x80:
            return tag
        if tag < 0x90:
            return self.map(tag & 0x0F)
        if tag < 0xA0:
            return self.list(tag & 0x0F)
        if tag < 0xC0:
            return self.text(tag & 0x1F)
        if tag in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[tag]
        if tag in (0xC4, 0xC5, 0xC6):
            return self.read(self.number(1 << (tag - 0xC4)))
        if tag == 0xCB:
            return struct.unpack(">d", self.read(8))[0]
        if tag in (0xCC, 0xCD, 0xCE, 0xCF):
            return self.number(1 << (tag - 0xCC))
        if tag in (0xD9, 0xDA, 0xDB):
            return self.text(self.number(1 << (tag - 0xD9)))
        if tag in (0xDC, 0xDD):
            return self.list(self.number(2 << (tag - 0xDC)))
        if tag in (0xDE, 0xDF):
            return self.map(self.number(2 << (tag - 0xDE)))
        raise AssertionError(f"type byte {tag:#x}")

    def number(self, width):
        return int.from_bytes(self.read(width), "big")

    def text(self, length):
        return self.read(length).decode()

    def list(self, count):
        return [self.next() for _ in range(count)]

    def map(self, count):
        return {self.next(): self.next() for _ in range(count)}


class Client:
    """A connection that counts Seqs and keeps records apart."""

    def __init__(self, address, handshake=True):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.settimeout(LIMIT_S)
        try:
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise
        self.file = self.socket.makefile("rb")
        self.unpacker = Unpacker(self._read)
        self.seq = 0
        if handshake:
            self.handshake_error = self.ask("handshake", {"Version": 1})

    def _read(self, count):
        data = self.file.read(count)
        if len(data) < count:
            raise EOFError
        return data

    def send(self, command, body=None):
        self.send_together((command, body))
        return self.seq

    def send_together(self, *requests):
        """Commands and their bodies in one write, so that no time passes between them."""
        data = b""
        for command, body in requests:
            self.seq += 1
            data += pack({"Command": command, "Seq": self.seq}) + (b"" if body is None else pack(body))
        self.socket.sendall(data)

    def next(self):
        return self.unpacker.next()

    def ask(self, command, body=None):
        """The error text of a command that has no response body."""
        seq = self.send(command, body)
        header = self.next()
        assert header["Seq"] == seq, header
        return header["Error"]

    def ask_for_body(self, command, body=None):
        error = self.ask(command, body)
        assert error == "", error
        return self.next()

    def at_end(self):
        """Reads on until the agent closes; False if it breaks the connection instead."""
        try:
            while self.file.read(65536):
                pass
            return True
        except ConnectionError:
            return False

    def close(self):
        self.file.close()
        self.socket.close()


class RpcTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(folder.name, "g.sock")
        self.log_path = os.path.join(folder.name, "log")

    def command(self, ip, *flags, name="g1"):
        return [GOSSIPD, "--node", name, "--bind", f"127.0.43.{ip}", *flags]

    def start(self, ip, *flags, env=None):
        with open(self.log_path, "ab") as log:
            process = subprocess.Popen(self.command(ip, "--rpc-addr", self.path, *flags), stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=log, env={**os.environ, **(env or {})})
        self.addCleanup(self.end, process)
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline:
            self.assertIsNone(process.poll(), self.log())
            try:
                Client(self.path).close()
                return process
            except OSError:
                time.sleep(0.02)
        self.fail(self.log())

    def end(self, process, how=signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(how)
        return process.wait(timeout=LIMIT_S)

    def log(self):
        return pathlib.Path(self.log_path).read_text(errors="replace")

    def refused_start(self, ip, *flags):
        done = subprocess.run(self.command(ip, *flags), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=LIMIT_S)
        self.assertEqual(done.returncode, 1, done.stderr)
        return done.stderr
