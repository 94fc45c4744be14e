"""A small client of Serf's IPC protocol, so that both agents are measured by the same, cheap questions."""

import socket
import struct


def pack(value):
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return struct.pack(">B", value) if value < 128 else b"\xce" + struct.pack(">I", value)
    if isinstance(value, str):
        raw = value.encode()
        return (bytes([0xA0 + len(raw)]) if len(raw) < 32 else b"\xda" + struct.pack(">H", len(raw))) + raw
    if isinstance(value, dict):
        return bytes([0x80 + len(value)]) + b"".join(pack(k) + pack(v) for k, v in value.items())
    raise TypeError(value)


class Unpacker:
    """Reads one object after the other from a socket."""

    FIXED = {0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
             0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}
    SIZED = {0xC4: ">B", 0xC5: ">H", 0xC6: ">I", 0xD9: ">B", 0xDA: ">H", 0xDB: ">I"}

    def __init__(self, stream):
        self.stream = stream
        self.taken = 0

    def take(self, count):
        self.taken += count
        data = self.stream.read(count)
        if len(data) < count:
            raise EOFError("the agent closed the connection")
        return data

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def next(self):
        head = self.take(1)[0]
        if head < 0x80:
            return head
        if head < 0x90:
            return self.map(head & 15)
        if head < 0xA0:
            return [self.next() for _ in range(head & 15)]
        if head < 0xC0:
            return self.take(head & 31)
        if head in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[head]
        if head in self.FIXED:
            return self.number(self.FIXED[head])
        if head in self.SIZED:
            return self.take(self.number(self.SIZED[head]))
        if head in (0xDC, 0xDD):
            return [self.next() for _ in range(self.number(">H" if head == 0xDC else ">I"))]
        if head in (0xDE, 0xDF):
            return self.map(self.number(">H" if head == 0xDE else ">I"))
        return head - 256

    def map(self, count):
        return {self.next().decode(): self.next() for _ in range(count)}


class Client:
    """Connected and past the handshake."""

    def __init__(self, host, port, timeout_s=30):
        self.socket = socket.create_connection((host, port), timeout=timeout_s)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.objects = Unpacker(self.socket.makefile("rb"))
        self.sequence = 0
        self.ask("handshake", {"Version": 1}, has_body=False)

    def ask(self, command, body=None, has_body=True):
        self.sequence += 1
        request = pack({"Command": command, "Seq": self.sequence}) + (pack(body) if body is not None else b"")
        self.socket.sendall(request)
        header = self.objects.next()
        answer = self.objects.next() if has_body else None
        if header["Error"]:
            raise RuntimeError(f"{command}: {header['Error'].decode()}")
        return answer

    def query(self, name):
        """{member: answer} of a query to everybody, once it is over: as gossipctl asks, which wants the end at once."""
        self.ask("query", {"Name": name, "RequestAck": False, "Wait": False}, has_body=False)
        answers = {}
        while True:
            header, record = self.objects.next(), self.objects.next()
            kind = record["Type"].decode()
            if header["Seq"] != self.sequence or kind == "done":
                return answers
            if kind == "response":
                answers[record["From"].decode()] = record["Payload"]

    def repeat(self, command, body=None, has_body=True):
        """A function that asks again and reads an answer of the same size, without looking into it: what is
        measured is the agent, not this client."""
        request = pack({"Command": command, "Seq": 100}) + (pack(body) if body is not None else b"")

        def send():
            self.socket.sendall(request)

        send()
        before = self.objects.taken
        for _ in range(2 if has_body else 1):
            self.objects.next()
        size = self.objects.taken - before

        def exchange():
            send()
            self.objects.take(size)

        return exchange

    def close(self):
        self.socket.close()
