"""A name server that makes trouble, for tests: trouble_dns.py servfail|slow ADDRESS HEALED-FILE ANSWER

It prints its port. `servfail` answers every question with SERVFAIL, `slow` not at all, until the file is there: then A
questions get the answer, others that there is none.
"""

import os
import socket
import struct
import sys


def main():
    kind, address, healed, answer = sys.argv[1:]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, 0))
        print(server.getsockname()[1], flush=True)
        while True:
            packet, client = server.recvfrom(2048)
            end = packet.index(b"\0", 12) + 5
            question = packet[12:end]
            well = os.path.exists(healed)
            if kind == "slow" and not well:
                continue
            is_a = question[-4:-2] == b"\0\1"
            flags = 0x8580 if well else 0x8582
            count = 1 if well and is_a else 0
            reply = packet[:2] + struct.pack(">HHHHH", flags, 1, count, 0, 0) + question
            if count:
                reply += b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 0, 4) + socket.inet_aton(answer)
            server.sendto(reply, client)


if __name__ == "__main__":
    main()
