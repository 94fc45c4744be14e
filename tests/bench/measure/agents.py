"""Agents under measurement: the ones of tests/interop, started fast and quiet, default profile."""

import contextlib
import os
import signal
import time

import agents as interop
from ipc import Client

from . import process

Failed = interop.Failed
GOSSIPD, GOSSIPCTL, SERF = interop.GOSSIPD, interop.GOSSIPCTL, interop.SERF
RPC_PORT = 7373

_DEV_NULL = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)]
_ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith(("GOSSIP_RPC", "SERF_RPC"))}


class Quiet:
    """Over a class of tests/interop: no waiting, and no log but to a file that somebody asked for."""

    log_level = "err"

    def __init__(self, name, ip, folder="/nonexistent", key=None):
        super().__init__(name, ip, folder, key)
        self.pid = None

    def spawn(self, *flags, log=None):
        """Started, no more; posix_spawn, since fifty agents are started at once. Not without `reap`."""
        files = _DEV_NULL
        if log:
            files = [_DEV_NULL[0], *[(os.POSIX_SPAWN_OPEN, fd, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
                                     for fd in (1, 2)]]
        line = self.command() + list(flags)
        self.pid = os.posix_spawn(line[0], line, _ENVIRONMENT, file_actions=files)
        return self

    def connect(self, limit_s=30):
        end = time.monotonic() + limit_s
        while True:
            try:
                return Client(self.ip, RPC_PORT)
            except (ConnectionRefusedError, ConnectionResetError, EOFError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.001)

    def send_signal(self, number):
        os.kill(self.pid, number)

    def reap(self):
        """Killed as in a crash, and gone."""
        if self.pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.pid = None

    def cpu_ns(self):
        return process.on_cpu_ns(self.pid)

    def memory(self):
        return process.memory(self.pid)


class QuietGossipd(Quiet, interop.Gossipd):
    pass


class QuietSerf(Quiet, interop.Serf):
    pass


KINDS = {"serf": QuietSerf, "gossipd": QuietGossipd}
