#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/<target>/ from the golden vectors; run it again when they change.

Files of former crashes, whose names begin with "crash-", are kept.
"""

import collections
import json
import pathlib
import shutil

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "data" / "vectors"
GOLDEN = HERE.parent / "data" / "golden"
CORPUS = HERE / "corpus"
MAX_BYTES = 2048

# RPC requests of the real `serf` 0.9.4 and answers of its agent.
RPC = json.loads((HERE / "rpc_seeds.json").read_text())
# The numbers of rpc::Command, with which an answer's input begins.
COMMANDS = ("handshake auth event force-leave join members members-filtered tags stream monitor stop leave "
            "query respond install-key use-key remove-key list-keys stats get-coordinate").split()


def load(name):
    return json.loads((VECTORS / name).read_text())


def put(target, name, data):
    data = bytes(data)
    if len(data) > MAX_BYTES:
        return
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in name)
    (folder / safe).write_bytes(data)


def swim():
    count = collections.Counter()
    for vector in load("memberlist-messages.json"):
        # Of the vectors that differ in one number only the first few are worth a file.
        kind = vector["kind"]
        count[kind] += 1
        if count[kind] > 6:
            continue
        data = bytes.fromhex(vector["hex"])
        put("describe", vector["name"], data)
        put("packet", vector["name"], data)
        put("msgpack", vector["name"], data[1:])
        if kind in ("push-pull-header", "user-msg-header", "ping", "ack", "error"):
            put("swim_stream", vector["name"], data)
        if kind not in ("push-pull-header", "user-msg-header"):
            put("swim_message", vector["name"], data)
    for vector in load("msgpack-tolerance.json"):
        data = bytes.fromhex(vector["body"])
        put("msgpack", vector["name"], data)
        ping = vector["kind"] == "ping"
        put("swim_message" if ping else "swim_stream", "odd-" + vector["name"], bytes([0 if ping else 6]) + data)


def streams():
    for vector in load("memberlist-streams.json"):
        data = bytes.fromhex(vector["hex"])
        put("stream", vector["name"], data)
        if vector["name"] == "push-pull-compressed":
            put("swim_stream", vector["name"], data)
        if vector.get("nodes"):
            # The first row stands behind the header's map.
            row = data.index(bytes.fromhex("87a441646472"))
            put("swim_stream", "row-" + vector["name"], b"\xff" + data[row:])
    for vector in load("encrypted-streams.json"):
        label = vector["label"].encode()
        header = bytes([244, len(label)]) + label if label else b""
        put("stream", vector["name"], header + bytes.fromhex(vector["hex"]))


def cluster():
    joins = 0
    for vector in load("serf-messages.json"):
        data = bytes.fromhex(vector["hex"])
        if vector["kind"] == "filter":
            put("filter", vector["name"], data)
            continue
        joins += vector["kind"] == "join"
        if vector["kind"] == "join" and joins > 4:
            continue
        put("cluster_message", vector["name"], data)
        put("describe", vector["name"], b"\x08" + data)


def tags_and_payloads():
    for number, vector in enumerate(load("tags.json")):
        put("tags", "tags-%d" % number, bytes.fromhex(vector.get("meta", vector.get("decode_only", ""))))
    for vector in load("ack-payloads.json"):
        put("ack_payload", vector["name"], bytes.fromhex(vector["payload"]))


def packets():
    for vector in load("compound.json"):
        put("packet", "compound-" + vector["name"], bytes.fromhex(vector["hex"]))
    for vector in load("labels.json"):
        put("packet", "label-" + vector["name"], bytes.fromhex(vector["packet"]))
    for vector in load("wrapped-packets.json"):
        put("packet", "wrapped-" + vector["name"], bytes.fromhex(vector["hex"]))
    for vector in load("encrypted-packets.json")[::6]:
        put("packet", vector["name"], bytes.fromhex(vector["hex"]))
    for vector in load("lzw-decode.json"):
        put("lzw", vector["name"], bytes.fromhex(vector["lzw"]))


def rpc():
    for name, data in RPC.items():
        kind, command = name.split("-", 1)
        data = bytes.fromhex(data)
        if kind == "request":
            put("rpc_request", command, data)
        elif command in COMMANDS:
            put("rpc_response", command, bytes([COMMANDS.index(command)]) + data)


# What the recorded agents were told (tests/data/golden/agent), and what is no handler.
HANDLERS = ("./x.sh", "=echo always", "*=echo star $SERF_EVENT", "query:a=b=echo \"$SERF_QUERY_NAME\"",
            "query,user=echo $SERF_EVENT", "user:q=echo hi", "member-join,member-leave,member-failed=x",
            "member-update,member-reap=x", "user:=x", "A=1 x.sh", "member-join,,user=x", "query=", "")


def handlers():
    for number, text in enumerate(HANDLERS):
        put("handler", str(number), text.encode())


def snapshots():
    for file in sorted((GOLDEN / "files").glob("snapshot-*")) + sorted((VECTORS / "snapshots").iterdir()):
        put("snapshot", file.stem, file.read_bytes())
    for vector in load("snapshot-recovery.json")[::2]:
        put("snapshot", vector["name"], vector["file"].encode())
    put("snapshot", "failed", b"alive: b c 192.0.2.2:7946\nnot-alive: b c\n# failed: b c 192.0.2.2:7946\n")
    put("snapshot", "zeros", b"alive: a 192.0.2.1:7946\n" + bytes(40))


def mdns():
    golden = json.loads((GOLDEN / "agent" / "mdns.json").read_text())
    seen = set()
    for packet in golden["packets"]:
        if packet["payload"][4:] not in seen:  # but for the random id
            put("dns_message", f"serf-{len(seen)}", bytes.fromhex(packet["payload"]))
            seen.add(packet["payload"][4:])
    # Several names of one suffix, an unknown type, and a name that points at itself.
    put("dns_message", "chain", bytes.fromhex("000000000003000000000000056c6f63616c00000100010161c00c0001000101"
                                              "62c01700010001"))
    put("dns_message", "opaque", bytes.fromhex("00008400000000010000000000002f8001000000780003c00c01"))
    put("dns_message", "loop", bytes.fromhex("000000000001000000000000c00c000c0001"))


def main():
    for old in CORPUS.glob("*/*"):
        if not old.name.startswith("crash-"):
            old.unlink()
    for make in (swim, streams, cluster, tags_and_payloads, packets, rpc, handlers, snapshots, mdns):
        make()
    for folder in sorted(CORPUS.iterdir()):
        files = list(folder.iterdir())
        if not files:
            shutil.rmtree(folder)
        print("%-16s %3d files" % (folder.name, len(files)))


if __name__ == "__main__":
    main()
