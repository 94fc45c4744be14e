"""A Debian 12 of the test's own: made by mmdebstrap, entered by chroot or booted by systemd-nspawn. Needs root."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from installed import LIMIT_S, output

# A build server has no reason to make it anew for each file of tests.
CACHE = pathlib.Path(os.environ.get("GOSSIP_ROOT_CACHE", "/var/tmp/gossip-test-root"))
BASE = ("systemd", "systemd-sysv", "dbus", "iproute2", "init-system-helpers", "libc6")


def why_not():
    """What keeps these tests from running here; "" for nothing."""
    if os.geteuid() != 0:
        return "root is needed for a system of the test's own"
    if not shutil.which("mmdebstrap"):
        return "mmdebstrap is not installed: no system can be made"
    return ""


def base_archive(name, packages):
    CACHE.mkdir(parents=True, exist_ok=True)
    archive = CACHE / f"{name}.tar"
    if not archive.exists():
        making = archive.with_suffix(".new.tar")
        done = subprocess.run(["mmdebstrap", "--variant=minbase", "--include=" + ",".join(packages), "bookworm",
                               str(making)], capture_output=True, text=True, timeout=900)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        making.rename(archive)
    return archive


class RootSystem:
    """A folder with a whole system in it."""

    def __init__(self, name="systemd", packages=BASE):
        self.folder = tempfile.TemporaryDirectory(prefix="gossip-root-", dir="/var/tmp")
        self.root = pathlib.Path(self.folder.name) / "root"
        self.root.mkdir()
        subprocess.run(["tar", "-xf", str(base_archive(name, packages)), "-C", str(self.root)], check=True,
                       timeout=300)
        self.machine = None
        self.leader = None

    def close(self):
        if self.machine is not None:
            self.power_off()
        self.folder.cleanup()

    def copy_in(self, path, to="/root"):
        shutil.copy(path, self.root / to.lstrip("/"))

    def run(self, *command, check=True):
        """In a chroot, while nothing is booted; else among the processes of the booted system."""
        if self.leader is None:
            words = ["chroot", str(self.root), *command]
        else:
            words = ["nsenter", "-t", str(self.leader), "-a", "-r", "-w", *command]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                              env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
                                   "DEBIAN_FRONTEND": "noninteractive"})
        if check and done.returncode != 0:
            raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def boot(self):
        """systemd as process 1, with a network of its own."""
        self.log = open(pathlib.Path(self.folder.name) / "console", "wb")
        self.machine = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "-D", str(self.root), "--register=no", "--keep-unit", "--private-network",
             "--console=pipe", "-M", f"gossip-test-{os.getpid()}", "--boot"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end and self.machine.poll() is None:
            self.leader = self.first_process()
            if self.leader is not None:
                state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
                if state in ("running", "degraded"):
                    return
            time.sleep(0.2)
        raise AssertionError("systemd did not come up:\n" + self.console())

    def first_process(self):
        """The one whose number inside is 1."""
        for child in self.children(self.machine.pid):
            for process in (child, *self.children(child)):
                try:
                    status = pathlib.Path(f"/proc/{process}/status").read_text()
                except FileNotFoundError:
                    continue
                if any(line.startswith("NSpid:") and line.split()[-1] == "1" and len(line.split()) > 2
                       for line in status.splitlines()):
                    return process
        return None

    @staticmethod
    def children(process):
        try:
            return [int(one) for one in
                    pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def console(self):
        return (pathlib.Path(self.folder.name) / "console").read_text(errors="replace")

    def power_off(self):
        self.run("systemctl", "poweroff", "--no-block", check=False)
        try:
            self.machine.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            self.machine.kill()
            self.machine.wait()
        self.machine = self.leader = None
        self.log.close()
