#!/usr/bin/env python3
"""Who is in the cluster, told to a Python program: members.py NAME BIND-ADDRESS [SEED...], until end of input.

Through libgossip.so and ctypes; $LIBGOSSIP names the library if it is not where the loader looks."""
import ctypes
import os
import sys


class Bytes(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    @classmethod
    def of(cls, words):
        raw = words.encode()
        view = cls(ctypes.cast(ctypes.c_char_p(raw), ctypes.c_void_p), len(raw))
        view.kept = raw
        return view

    def __str__(self):
        return ctypes.string_at(self.data, self.length).decode(errors="replace")


class Tag(ctypes.Structure):
    _fields_ = [("key", Bytes), ("value", Bytes)]


class Member(ctypes.Structure):
    _fields_ = [("name", Bytes), ("address", Bytes), ("port", ctypes.c_uint16), ("status", ctypes.c_int),
                ("tags", ctypes.POINTER(Tag)), ("tag_count", ctypes.c_size_t)]


JOINED = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Member))
LEFT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Member), ctypes.c_int)


class Handler(ctypes.Structure):  # its first calls; `size` says that the later ones are not wanted
    _fields_ = [("size", ctypes.c_size_t), ("context", ctypes.c_void_p), ("member_join", JOINED),
                ("member_leave", LEFT)]


gossip = ctypes.CDLL(os.environ.get("LIBGOSSIP", "libgossip.so.0"))
gossip.gossip_config_new.restype = ctypes.c_void_p
gossip.gossip_last_error.restype = ctypes.c_char_p
gossip.gossip_config_set_text.argtypes = [ctypes.c_void_p, ctypes.c_char_p, Bytes]
gossip.gossip_config_add_join.argtypes = [ctypes.c_void_p, Bytes]
gossip.gossip_config_free.argtypes = [ctypes.c_void_p]
gossip.gossip_node_create.argtypes = [ctypes.c_void_p, ctypes.POINTER(Handler), ctypes.POINTER(ctypes.c_void_p)]
for call in ("start", "leave", "free"):
    getattr(gossip, f"gossip_node_{call}").argtypes = [ctypes.c_void_p]


def check(code):
    if code != 0:
        sys.exit(gossip.gossip_last_error().decode())


def tell(what, member):
    print(what, member.name, f"{member.address}:{member.port}", flush=True)


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: members.py NAME BIND-ADDRESS [SEED...]")
    config = gossip.gossip_config_new()
    check(gossip.gossip_config_set_text(config, b"node_name", Bytes.of(sys.argv[1])))
    check(gossip.gossip_config_set_text(config, b"bind_addr", Bytes.of(sys.argv[2])))
    for seed in sys.argv[3:]:
        check(gossip.gossip_config_add_join(config, Bytes.of(seed)))
    # Calls come from the node's thread, one at a time. The handler lives as long as the node.
    handler = Handler(ctypes.sizeof(Handler), None,
                      JOINED(lambda _, member: tell("joined", member[0])),
                      LEFT(lambda _, member, reason: tell(["left", "failed"][reason], member[0])))
    node = ctypes.c_void_p()
    check(gossip.gossip_node_create(config, ctypes.byref(handler), ctypes.byref(node)))
    gossip.gossip_config_free(config)
    check(gossip.gossip_node_start(node))
    sys.stdin.read()
    check(gossip.gossip_node_leave(node))
    gossip.gossip_node_free(node)


main()
