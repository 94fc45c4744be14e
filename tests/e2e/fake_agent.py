"""An agent that says what a captured run of Serf's heard: one answer for each command, records behind it."""

import re
import socket
import struct
import threading

from rpc_agent import Unpacker

# Commands whose requests have a body.
WITH_BODY = {"handshake", "auth", "event", "force-leave", "join", "members-filtered", "tags", "stream", "monitor",
             "stop", "query", "respond", "install-key", "use-key", "remove-key", "get-coordinate"}


def pack(value):
    if value is None or isinstance(value, bool):
        return {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
    if isinstance(value, int):
        return struct.pack(">BQ", 0xCF, value)
    if isinstance(value, bytes):
        return struct.pack(">BI", 0xC6, len(value)) + value
    if isinstance(value, float):
        return struct.pack(">Bd", 0xCB, value)
    if isinstance(value, str):
        text = value.encode("utf-8", "surrogateescape")
        return struct.pack(">BI", 0xDB, len(text)) + text
    if isinstance(value, list):
        return struct.pack(">BI", 0xDD, len(value)) + b"".join(map(pack, value))
    return struct.pack(">BI", 0xDF, len(value)) + b"".join(pack(k) + pack(v) for k, v in value.items())


class Hangup(Exception):
    """The agent closes the connection instead of answering."""


class FakeAgent:
    """`answers` maps a command to a function of its request that returns (error, body or None, records); without
    them it closes every connection at its first word."""

    def __init__(self, answers, token=None):
        self.answers = answers
        self.token = token
        self.last_command = None  # after it the agent goes
        self.requests = []
        self.asked = threading.Condition()
        self.server = socket.socket(socket.AF_INET)
        self.server.bind(("127.0.41.251", 0))
        self.server.listen()
        self.address = "%s:%d" % self.server.getsockname()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()

    def _serve(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client):
        file = client.makefile("rb")

        def read(count):
            data = file.read(count)
            if len(data) < count:
                raise EOFError
            return data

        unpacker = Unpacker(read)
        admitted = self.token is None
        try:
            while True:
                header = unpacker.next()
                command = header["Command"]
                request = unpacker.next() if command in WITH_BODY else {}
                error, body, records = "", None, []
                if self.answers is None:
                    raise Hangup
                if command == "auth":
                    admitted = self.token is not None and request["AuthKey"] == self.token
                    error = "" if admitted else "Invalid authentication token"
                elif command != "handshake" and not admitted:
                    error = "Authentication required"
                elif command != "handshake":
                    error, body, records = self.answers[command](request)
                answer = {"Seq": header["Seq"], "Error": error}
                client.sendall(pack(answer) + (b"" if body is None else pack(body)))
                for record in records:
                    client.sendall(pack({"Seq": header["Seq"], "Error": ""}) + pack(record))
                with self.asked:
                    self.requests.append((command, request))
                    self.asked.notify_all()
                if command == self.last_command:
                    raise Hangup
        except (EOFError, OSError, Hangup):
            pass
        finally:
            file.close()
            client.close()


def member(name, addr, status, tags):
    ip, port = addr.rsplit(":", 1)
    return {"Name": name, "Addr": socket.inet_aton(ip), "Port": int(port), "Tags": tags, "Status": status,
            "ProtocolMin": 1, "ProtocolMax": 5, "ProtocolCur": 2, "DelegateMin": 2, "DelegateMax": 5, "DelegateCur": 5}


def filtered(members, request):
    """As Serf does it: a pattern gets its anchors as text, and a bad one ends the connection."""
    try:
        def fits(pattern, value):
            return not pattern or re.search(f"^{pattern}$", value)

        return [m for m in members
                if fits(request["Name"], m["Name"]) and fits(request["Status"], m["Status"])
                and all(re.search(f"^{p}$", m["Tags"].get(k, "")) for k, p in (request["Tags"] or {}).items())]
    except re.error as bad:
        raise Hangup from bad
