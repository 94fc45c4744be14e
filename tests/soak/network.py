"""Hosts on one cable that loses and delays what it carries.

Each host is a network namespace whose only way out is a TUN device; a thread of ours carries packets between them. So
loss and delay are the same on every kernel, whether it has netem or not, and no other traffic of the machine is touched.
"""

import ctypes
import fcntl
import heapq
import os
import random
import selectors
import struct
import subprocess
import threading
import time

_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_MTU = 1500
_libc = ctypes.CDLL(None, use_errno=True)


class Unavailable(RuntimeError):
    """This machine cannot do that; the message says why."""


def _check(result, what):
    if result != 0:
        raise Unavailable(f"{what}: {os.strerror(ctypes.get_errno())}; run this as root")


class Host:
    """10.77.a.b in a namespace of its own. `enter` is the beginning of a command that runs there."""

    def __init__(self, number):
        self.ip = f"10.77.{number // 250}.{number % 250 + 1}"
        before = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _check(_libc.unshare(_CLONE_NEWNET), "no network namespace")
            self.namespace = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
            try:
                self.device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
                fcntl.ioctl(self.device, _TUNSETIFF, struct.pack("16sH22x", b"eth0", _IFF_TUN | _IFF_NO_PI))
            except OSError as error:
                raise Unavailable(f"no TUN device: {error}") from error
            for words in ("link set lo up", f"addr add {self.ip}/16 dev eth0", "link set eth0 up"):
                subprocess.run(["ip", *words.split()], check=True)
        finally:
            _check(_libc.setns(before, _CLONE_NEWNET), "no way back")
            os.close(before)
        self.enter = ["nsenter", f"--net=/proc/{os.getpid()}/fd/{self.namespace}"]

    def close(self):
        os.close(self.device)
        os.close(self.namespace)


class Cable:
    """`weather(loss, delay_s, jitter_s)` holds for every packet from then on."""

    def __init__(self, hosts, seed):
        self._devices = {bytes(map(int, host.ip.split("."))): host.device for host in hosts}
        self._random = random.Random(seed)
        self._weather = (0.0, 0.0, 0.0)
        self._late = []  # (when, order, device, packet)
        self._order = 0
        self._ended = False
        self.carried = self.lost = 0
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def weather(self, loss, delay_s, jitter_s):
        self._weather = (loss, delay_s, jitter_s)

    def _take(self, packet):
        device = self._devices.get(packet[16:20])
        if device is None or packet[0] >> 4 != 4:  # IPv6's own talk, multicast
            return
        loss, delay, jitter = self._weather
        if self._random.random() < loss:
            self.lost += 1
            return
        self._order += 1
        when = time.monotonic() + delay + jitter * self._random.random()
        heapq.heappush(self._late, (when, self._order, device, packet))

    def _deliver(self):
        while self._late and self._late[0][0] <= time.monotonic():
            _, _, device, packet = heapq.heappop(self._late)
            try:
                os.write(device, packet)
                self.carried += 1
            except OSError:  # its queue is full, as a real cable's can be
                self.lost += 1

    def _carry(self):
        ready = selectors.DefaultSelector()
        for device in self._devices.values():
            ready.register(device, selectors.EVENT_READ)
        while not self._ended:
            wait = max(0.0, self._late[0][0] - time.monotonic()) if self._late else 0.2
            for key, _ in ready.select(min(wait, 0.2)):
                try:
                    for _ in range(32):
                        self._take(os.read(key.fd, _MTU))
                except BlockingIOError:
                    pass
            self._deliver()

    def close(self):
        self._ended = True
        self._thread.join()
