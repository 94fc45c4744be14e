"""Where and with what a run was made: no figure is worth more than that."""

import datetime
import os
import pathlib
import platform
import subprocess

from . import ROOT
from .agents import GOSSIPD, SERF


def _first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return "unknown"
    return (done.stdout or done.stderr).strip().split("\n")[0] or "unknown"


def _processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _memory_gb():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def describe():
    commit = _first_line("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD")
    changed = subprocess.run(["git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no"],
                             capture_output=True, text=True, check=False).stdout.strip()
    return {"commit": commit + (" with changes" if changed else ""),
            "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
            "processor": _processor(), "cores": os.cpu_count(), "memory_gb": _memory_gb(),
            "kernel": platform.release(), "load": os.getloadavg()[0],
            "gossipd": _first_line(str(GOSSIPD), "--version"), "serf": _first_line(str(SERF), "version")}


def sentence(machine):
    return (f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gb']} GB, "
            f"Linux {machine['kernel']}, commit {machine['commit']}, {machine['date']}; peer: {machine['serf']}")
