#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/<target>/ from the golden vectors; run it again when they change.

Files of former crashes, whose names begin with "crash-", are kept.
"""

import collections
import json
import pathlib
import shutil

import stories

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "data" / "vectors"
GOLDEN = HERE.parent / "data" / "golden"
CORPUS = HERE / "corpus"
MAX_BYTES = 2048

# RPC requests of the real `serf` 0.9.4 and answers of its agent; ours is the answer to metrics.
RPC = json.loads((HERE / "rpc_seeds.json").read_text())
# The numbers of rpc::Command, with which an answer's input begins.
COMMANDS = ("handshake auth event force-leave join members members-filtered tags stream monitor stop leave "
            "query respond install-key use-key remove-key list-keys stats get-coordinate reload seeds metrics").split()


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
        put("compound", vector["name"], bytes.fromhex(vector["hex"])[1:])
    for vector in load("labels.json"):
        put("packet", "label-" + vector["name"], bytes.fromhex(vector["packet"]))
    for vector in load("wrapped-packets.json"):
        put("packet", "wrapped-" + vector["name"], bytes.fromhex(vector["hex"]))
    for vector in load("encrypted-packets.json")[::6]:
        put("packet", vector["name"], bytes.fromhex(vector["hex"]))
        put("cipher", vector["name"], bytes.fromhex(vector["hex"]))
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


KEYRINGS = {"empty": "[]", "spaces": ' [ "AAAAAAAAAAAAAAAAAAAAAA==" , "AQEBAQEBAQEBAQEBAQEBAQ==" ] ', "escape": '["\\/\\/8="]',
            "number": "[1]", "open": '["AAAA', "short": '["AAAA"]', "object": "{}"}
TAG_FILES = {"none": "{}", "escapes": '{"a\\u00e9\\n":"\\ud83d\\ude00"}', "number": '{"a":1}', "twice": '{"a":"1","a":"2"}',
             "nested": '{"a":{"b":"c"}}', "half": '{"a":"\\ud83d"}', "list": '["a"]'}
JSON_CONFIG = {
    "usual": '{"node_name":"a","bind":"127.0.0.1:7946","tags":{"role":"web"},"start_join":["b","c"],"profile":"wan",'
             '"event_handlers":["user:deploy=x","member-join=y"],"log_level":"debug","retry_interval":"15s"}',
    "sections": '{"mdns":{"iface":"eth0","disable_ipv4":true},"enable_compression":false,"protocol":4}',
    "odd": '{"Node_Name":null,"tags":{"a":1},"leave_on_terminate":true,"rpc_auth":"x","unknown":[[]]}',
    "key": '{"encrypt_key":"AAAAAAAAAAAAAAAAAAAAAA==","discover":"c","statsite_addr":"127.0.0.1:8125"}',
    "cut": '{"bind":"127.0.0.1', "newline": '{"a\\nb":1}',
}
TOML_CONFIG = {
    "usual": 'node_name = "a"\nbind = "127.0.0.1:7946"\nstart_join = ["b", "c"]\n\n[tags]\nrole = "web"\n',
    "sections": '[mdns]\ninterface = "eth0"\ndisable_ipv4 = true\n',
    "numbers": "user_event_size_limit = 9000\nrpc_max_clients = 0x10\nretry_max_attempts = 1_000\n",
    "odd": "bind = 1\nnode_name = '\\'\n", "date": "bind = 1979-05-27T07:32:00Z\n", "twice": "bind = ''\nbind = ''\n",
    "text": 'node_name = """\na\\u0041"""\n', "newline": '"a\\nb" = 1\n', "dots": "tags.role = 'a'\nmdns.x.y = 1\n",
}
DAEMON_LINES = ("--node=a --bind=127.0.0.1:7946 --tag role=web --tag dc=east --join b --join c", "agent -node a -log-level=debug",
                "--encrypt-key AAAAAAAAAAAAAAAAAAAAAA== --profile wan --protocol 4", "--event-handler user:deploy=x -replay",
                "--config-file a.toml --config-dir d --config-file b.json", "--check-config --version --help", "--", "--nod", "-x=1",
                "--retry-interval 1h2m --rpc-addr unix:///run/x --rpc-addr 127.0.0.1:7373", "--iface eth0 --discover c")
CLIENT_LINES = ("members --tag role=web --status alive --format json -detailed", "-rpc-addr=127.0.0.1:7373 join -replay b c", "leave",
                "force-leave -prune b", "event -coalesce=false deploy payload", "query --node a --tag a=b --no-ack --timeout 5s q p",
                "tags -set a=b -delete c", "keys rotate --dry-run", "keys -install=AAAAAAAAAAAAAAAAAAAAAA==", "monitor --log-level debug",
                "reachability -verbose", "wait --at-least 3", "agent -node a", "rtt a b", "--help", "keygen", "version", "members -- x", "")


def dns_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def dns_record(name, kind, data):
    return name + kind.to_bytes(2, "big") + bytes.fromhex("00010000003c") + len(data).to_bytes(2, "big") + data


def srv(port, target):
    return bytes.fromhex("000a0001") + port.to_bytes(2, "big") + target


# What name servers answer when they are asked for services; the name of the question stands at 12.
def srv_answers():
    question = dns_name("_gossip._tcp.a.b") + bytes.fromhex("00210001")
    own = bytes.fromhex("c00c")

    def answer(name, answers, additional=(), flags="8180"):
        head = bytes.fromhex("1234" + flags + "0001") + len(answers).to_bytes(2, "big") + b"\0\0"
        put("srv_answer", name, head + len(additional).to_bytes(2, "big") + question + b"".join(answers + list(additional)))

    one, two = dns_name("a.b"), dns_name("c.b")
    answer("two", [dns_record(own, 33, srv(7946, one)), dns_record(own, 33, srv(8000, two))])
    answer("brought-along", [dns_record(own, 33, srv(7946, one))],
           [dns_record(one, 1, bytes([192, 0, 2, 1])), dns_record(one, 28, bytes(15) + b"\1"),
            dns_record(two, 1, bytes([192, 0, 2, 2]))])
    answer("none", [dns_record(own, 33, srv(0, b"\0"))])
    answer("alias", [dns_record(own, 5, two), dns_record(two, 33, srv(1, own))])
    answer("empty", [])
    answer("loop", [dns_record(own, 33, srv(1, bytes.fromhex("c02c")))])
    answer("refused", [], flags="8185")
    many = [dns_record(own, 33, srv(port, bytes.fromhex("c014"))) for port in range(40)]
    answer("many", many, [dns_record(bytes.fromhex("c014"), 1, bytes([10, 0, 0, n])) for n in range(40)])


SEEDS = {
    "address": "192.0.2.1:7946", "v6": "[2001:db8::1]:7946", "bare-v6": "2001:db8::1", "node": "web-1/192.0.2.1",
    "host": "seed.example.org", "port": "seed.example.org:70000", "dns": "dns+seed.example.org:1",
    "srv": "dnssrv+_gossip._tcp.example.org", "srv-colon": "srv:_gossip._tcp.a", "exec": "exec=/usr/bin/find 'a b' $HOME",
    "file": "file:///run/seeds", "mdns": "mdns:home", "provider": "provider=srv service=gossip domain=example.org",
    "quoted": 'provider=exec command="find \\"a b\\" c"', "late": "name=a port=1 provider=dns", "unclosed": 'provider=dns name="a',
    "twice": "provider=dns name=a name=b", "unknown": "provider=aws tag_key=a", "empty-value": "provider=dns name=",
    "blank": " \t ", "brackets": "[::1", "colon": ":7946", "nul": "a\0b", "nothing": "dns+",
}


def seeds():
    for name, text in SEEDS.items():
        put("seed", name, text.encode())


def texts():
    for file in sorted((GOLDEN / "files").glob("keyring-*")):
        put("keyring_file", file.stem, file.read_bytes())
    put("tags_file", "serf", (GOLDEN / "files" / "tags-file.json").read_bytes())
    put("toml", "sample", (HERE.parents[1] / "packaging" / "sample-head.toml").read_bytes())
    for target, seeds in (("keyring_file", KEYRINGS), ("tags_file", TAG_FILES), ("serf_json", JSON_CONFIG), ("toml", TOML_CONFIG)):
        for name, text in seeds.items():
            put(target, name, text.encode())
    for target, lines in (("gossipd_command_line", DAEMON_LINES), ("gossipctl_command_line", CLIENT_LINES)):
        for number, line in enumerate(lines):
            put(target, f"line-{number}", line.replace(" ", "\0").encode())
    for name, data in (("plain", b"web-1"), ("colour", b"\x1b[31mred\x1b[0m"), ("bidi", "a\u202eb\u200b".encode()),
                       ("bytes", b"a\xff\xc3\x28\xed\xa0\x80\xf4\x90\x80\x80"), ("html", b"<a>&\"\\\t\n\x00\x7f")):
        put("terminal", name, data)


def rpc_dialogues():
    request = {name[len("request-"):]: bytes.fromhex(data) for name, data in RPC.items() if name.startswith("request-")}
    answer = {name[len("answer-"):]: bytes.fromhex(data) for name, data in RPC.items() if name.startswith("answer-")}
    for command, data in request.items():
        for choice in (0, 1, 4) if command in ("auth", "join", "query") else (0,):
            said = request["handshake"] if command != "handshake" else b""
            put("rpc_session", f"{command}-{choice}", stories.session(choice, said + data))
    put("rpc_session", "cut", stories.session(0, request["handshake"][:9], request["handshake"][9:] + request["members"]))
    put("rpc_session", "refused", stories.session(2, request["handshake"]))
    for number, command in enumerate(stories.CLIENT_REQUESTS):
        if command in answer:
            put("rpc_client", command, stories.client(number, answer[command]))


# What scrapers, probes and others say. The first byte cuts it into pieces, one longer than it.
REQUESTS = {
    "prometheus": "GET /metrics HTTP/1.1\r\nHost: a:9107\r\nUser-Agent: Prometheus/2.42.0\r\nAccept: "
                  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                  "text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\nAccept-Encoding: gzip\r\n"
                  "X-Prometheus-Scrape-Timeout-Seconds: 10\r\n\r\n",
    "probe": "HEAD /readyz?verbose HTTP/1.0\nConnection: keep-alive\n\nGET /healthz HTTP/1.0\n\n",
    "pipelined": 3 * "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    "absolute": "GET http://a:9107/metrics HTTP/1.1\r\nHost: a\r\nConnection: close, te\r\n\r\n",
    "body": "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
    "smuggling": "GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "folded": "GET / HTTP/1.1\r\nHost: a\r\nAccept: a,\r\n b\r\n\r\n",
    "version": "GET / HTTP/2.0\r\n\r\n",
    "binary": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n",
}


def http():
    for name, text in REQUESTS.items():
        for piece in (0, 255):
            put("http", f"{name}-{piece}", bytes([piece]) + text.encode("latin-1"))


def told_stories():
    for name, steps in stories.ENGINE.items():
        put("engine", name, b"".join(steps))
    for name, data in stories.HANDLER_OUTPUT.items():
        put("handler_output", name, data)


def main():
    for old in CORPUS.glob("*/*"):
        if not old.name.startswith("crash-"):
            old.unlink()
    for make in (swim, streams, cluster, tags_and_payloads, packets, rpc, handlers, snapshots, mdns, srv_answers, seeds,
                 texts, rpc_dialogues, http, told_stories):
        make()
    for folder in sorted(CORPUS.iterdir()):
        files = list(folder.iterdir())
        if not files:
            shutil.rmtree(folder)
        print("%-16s %3d files" % (folder.name, len(files)))


if __name__ == "__main__":
    main()
