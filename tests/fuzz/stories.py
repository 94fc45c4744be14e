"""Inputs of the targets that act out a story (engine, rpc_session, rpc_client, handler_output): what their
decisions (decisions.h) must be for something to happen. Each function gives the bytes of one step."""

NAMES = ["self", "b", "c", "d", "e", "f"]  # scene/messages.cpp


def name(which):
    return bytes([NAMES.index(which)])


def address(which):
    return name(which) + bytes([0, 0])  # its own address, in 4 bytes, and the usual port


def text(value):
    return bytes([len(value)]) + value.encode()


def many(data):
    return len(data).to_bytes(2, "big") + bytes(data)


# One message of a packet: about whom, told by whom, then which kind and its fields.
def message(kind, about, by, fields):
    return name(about) + name(by) + bytes([0, 0, kind]) + bytes(fields)


def alive(about, incarnation=1):
    return message(0, about, about, [0, 0, 0, 0, 0, incarnation])


def suspect(about, by, incarnation=1):
    return message(1, about, by, [0, incarnation])


def dead(about, by, incarnation=1):
    return message(2, about, by, [0, incarnation])


def ping(by, sequence):
    return message(3, by, "self", sequence.to_bytes(2, "big"))


def indirect_ping(about, by):
    return message(4, about, by, [7, 1])


def ack(by):
    return message(5, by, by, [0, 0, 12, 0])


def user(about, kind, fields):
    return message(6, about, about, name(about) + bytes([kind]) + bytes(fields))


def join_intent(about, time):
    return user(about, 0, [0, time])


def leave_intent(about, time, prune=0):
    return user(about, 1, [0, time, prune])


def query(by, time, which=0, payload=b"", flags=1, relay=0, filters=b"\0"):
    internal = (b"\1" + payload[:1] if payload else b"\0\0") if which else text(payload.decode())
    return user(by, 2, name(by) + b"\0" + bytes([which]) + internal + bytes([0, time, 0, time, 0, flags, relay])
                + (2_000_000_000).to_bytes(5, "big") + name(by) + filters)


def response(by, kind=0, flags=0):
    payload = {0: text("yes"), 1: b"\1" + text("key"), 2: b"\0\0"}[kind]
    return user(by, 3, name(by) + name(by) + bytes([kind]) + payload + b"\0" + flags.to_bytes(2, "big"))


def event(by, time, what):
    return user(by, 6, text(what) + bytes([0, time]) + text("payload") + b"\0")


# Inputs of the engine: the step's number first (targets/engine.cpp).
def packet(by, *messages):
    return b"\0" + address(by) + bytes([len(messages) - 1]) + b"".join(m + b"\0" for m in messages) + b"\0"


def raw_packet(by, data):
    return b"\3" + address(by) + many(data)


def row(about, incarnation=1, state=0):
    return name(about) + bytes([0, 0, 0, 0, 0, 0, 0, incarnation, state])


def push_pull(rows, members, events="deploy", index=0, cut=20):
    state = name(members) + name(members) + text(events) + bytes([0, 9, 0, 7, 0, 3, 0, 5, 0, 0, 6]) + text("x")
    body = bytes([0, len(rows), 1]) + b"".join(rows) + state + b"\0"
    return bytes([4, index, 0]) + body + b"\0" + cut.to_bytes(2, "big")


def accept(by):
    return bytes([6, 0, 0]) + address(by)


def opened(index=0):
    return bytes([6, index, 1])


def stream_bytes(data, index=0):
    return bytes([6, index, 2]) + many(data)


def ended(index, why):
    return bytes([6, index, 3, why])


REFUSED = bytes([8]) + address("b")
SAVED, DISK_FULL, DISK_FREE, RESTART = bytes([9]), bytes([10, 1]), bytes([10, 0]), bytes([14, 7])


def freeze(seconds):
    return bytes([11]) + seconds.to_bytes(3, "big")


def seconds(count):
    return bytes([12, count])


def moment(hundredths=5):
    return bytes([13, hundredths])


def ask(acks=1, tags=b"\0"):
    return bytes([15, 0, 0]) + tags + bytes([acks, 0, 0]) + (3000).to_bytes(2, "big")


def change_key(action, key=1):
    return bytes([15, 1, action, 0]) + (bytes([key]) if action else b"")


def join(contact):
    return bytes([15, 2, 0, 1]) + address(contact) + b"\1"


LEAVE = bytes([15, 2, 3, 0])


def force_leave(about, prune=0):
    return bytes([15, 3]) + name(about) + bytes([0, 0, prune])


SET_TAGS = bytes([15, 4, 0, 1]) + text("db") + bytes([0, 0])


def respond(answer):
    return bytes([15, 5]) + text(answer) + bytes([0, 0, 1])


DECLINE = bytes([15, 6, 0, 0, 0, 1])


def send_event(what):
    return bytes([15, 7]) + text(what) + bytes([0, 0, 1])


THREE = packet("b", alive("b"), alive("c"), alive("d")) + moment()

ENGINE = {
    "lone": [b"\0", seconds(60), SET_TAGS, send_event("deploy"), LEAVE, seconds(10)],
    "joins": [b"\0", join("b"), opened(), push_pull([row("b"), row("c")], "b"), moment(), seconds(90)],
    "accepts": [b"\0", accept("b"), push_pull([row("b"), row("c", state=2), row("d", state=3)], "c"), seconds(60)],
    "join-refused": [b"\0", join("b"), ended(0, 1), join("c"), seconds(30)],
    "silent-member": [b"\0", THREE, seconds(40), packet("b", alive("b", 3)), seconds(40), REFUSED],
    "acks": [b"\0", THREE] + [seconds(1) + packet(m, ack(m)) for m in "bcdbcd"],
    "pings": [b"\0", THREE, packet("b", ping("b", 7)), packet("c", indirect_ping("b", "c")), packet("b", ack("b"))],
    "suspected": [b"\0", THREE, packet("b", suspect("c", "b")), packet("d", suspect("c", "d")), seconds(20),
                  packet("b", suspect("self", "b")), packet("c", dead("self", "c"))],
    "leaves": [b"\0", THREE, packet("b", leave_intent("b", 5), dead("b", "b")), packet("b", alive("b", 4)),
               packet("c", dead("c", "d")), force_leave("c"), force_leave("c", 1), freeze(100_000), seconds(60)],
    "intents": [b"\0", packet("b", join_intent("e", 3), leave_intent("f", 9, 1)), packet("e", alive("e"), alive("f"))],
    "events": [b"\0", THREE, send_event("a"), packet("b", event("b", 4, "a"), event("b", 4, "a"), event("c", 2, "b")),
               moment(50), seconds(3)],
    "asked": [b"\0", THREE, packet("b", query("b", 4)), respond("yes"), packet("c", query("c", 5)), DECLINE,
              seconds(5), packet("b", query("b", 6, filters=b"\2" + text("w.b")))],
    "asks": [b"\0", THREE, ask(), moment(), packet("b", response("b")), packet("c", response("c", flags=1)),
             packet("c", response("c")), packet("d", response("d", flags=0x101)), seconds(4)],
    "asks-some": [b"\0", THREE, ask(tags=b"\1" + text("^w")), packet("b", response("b")), seconds(4)],
    "keys": [b"\1", THREE, change_key(1, 7), moment(), packet("b", response("b", 1)), SAVED, seconds(4),
             change_key(2, 1), SAVED, change_key(0), seconds(9), change_key(3, 0), SAVED, seconds(9)],
    "key-requests": [b"\1", THREE, packet("b", query("b", 4, 5, b"\x09")), SAVED, packet("b", query("b", 5, 4, b"\x09")),
                     DISK_FULL, packet("b", query("b", 6, 6, b"\1")), SAVED, packet("b", query("b", 7, 3))],
    "name-taken": [b"\0", THREE, packet("e", b"\0\0\2\1\2\0" + bytes([0, 0, 0, 0, 0, 9]) + b""), moment(),
                   packet("b", response("b", 2)), packet("c", response("c", 2)), seconds(5)],
    "restarts": [b"\0", THREE, send_event("a"), seconds(2), RESTART, moment(), ended(0, 1), ended(0, 3), seconds(40)],
    "disk-full": [b"\0", DISK_FULL, THREE, SAVED, seconds(60), DISK_FREE, SAVED, send_event("a"), seconds(90), RESTART],
    "small-tables": [bytes([0b11100000]), THREE, packet("e", alive("e"), alive("f")), seconds(70)],
    "labelled": [bytes([0b00011110]), accept("b"), push_pull([row("b")], "b"), packet("b", ping("b", 1)), seconds(10)],
    "frozen": [b"\0", THREE, ask(), freeze(3), freeze(3_000_000), packet("b", alive("b", 2)), seconds(9)],
    "raw": [b"\0", raw_packet("b", b"\0\x81"), raw_packet("c", b"\7\2\0\1"), accept("b"), stream_bytes(b"\6\x83"),
            accept("c"), stream_bytes(b"\x09"), seconds(11)],
}


# Inputs of rpc_session: its settings, what the client says, and all that may happen meanwhile.
def session(choice, *chunks):
    told = b"".join(b"\7" + many(chunk) for chunk in chunks)
    ends = b"\4" + b"\5\0\1" + text("yes") + b"\5\0\0"
    return bytes([choice]) + told + ends + b"\3" + text("deploy") + b"\0" + b"\3" + text("") + b"\1" + b"\2" + text("line") + b"\0\6"


# In the order of targets/rpc_client.cpp, which asks one of them and then hears the answer.
CLIENT_REQUESTS = ("handshake members stream monitor query stop list-keys stats get-coordinate join").split()


def client(number, answer):
    cut = len(answer) // 2
    # A recorded answer's Seq is that of its own dialogue; the first asked here has 1.
    answer = answer.replace(b"\xa3Seq" + answer.split(b"\xa3Seq")[1][:1], b"\xa3Seq\1") if b"\xa3Seq" in answer else answer
    return bytes([1, number, 0]) + many(answer[:cut]) + b"\0" + many(answer[cut:])


def handler(limit, chunks, event):
    tags = b"\2" + text("role") + text("web") + text("a\tb") + text("c\nd")
    return bytes([limit, len(chunks)]) + b"".join(text(chunk) for chunk in chunks) + text("self") + tags + event


HANDLER_OUTPUT = {
    "member": handler(8, ["0123", "456789", ""], b"\0\1" + text("b\tc") + b"\1" + text("role") + text("db\n")),
    "user": handler(0, ["x"], b"\1" + text("deploy") + text("payload")),
    "query": handler(255, [], b"\2" + text("q\0") + text("")),
}
