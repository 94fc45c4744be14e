"""What the kernel tells of processes and of the network namespace that we are in."""

import dataclasses
import os
import pathlib
import resource


def on_cpu_ns(pid):
    """Time on processor of all threads; /proc/PID/schedstat alone is the main thread's."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        except FileNotFoundError:  # a thread that ended meanwhile
            pass
    return total


def wakeups(pid):
    """How often its threads went to sleep and were woken."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


@dataclasses.dataclass
class Memory:
    """In MB of 2^20 bytes."""

    pss: float
    private: float
    rss: float


def memory(pid):
    figures = {}
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, value = line.split(":")
        figures[name] = int(value.split()[0]) / 1024
    return Memory(figures["Pss"], figures["Private_Clean"] + figures["Private_Dirty"], figures["Rss"])


def udp_losses():
    """Datagrams that the kernel dropped; a run with any is no measurement of the agents."""
    lines = [line.split() for line in pathlib.Path("/proc/net/snmp").read_text().splitlines() if line[:4] == "Udp:"]
    figures = dict(zip(lines[0][1:], map(int, lines[1][1:])))
    return figures["InErrors"] + figures["SndbufErrors"]


@dataclasses.dataclass
class Traffic:
    packets: int
    bytes: int

    def __sub__(self, other):
        return Traffic(self.packets - other.packets, self.bytes - other.bytes)


def loopback():
    """All that went over the loopback interface, TCP and RPC included."""
    for line in pathlib.Path("/proc/net/dev").read_text().splitlines():
        name, _, figures = line.partition(":")
        if name.strip() == "lo":
            fields = figures.split()
            return Traffic(packets=int(fields[1]), bytes=int(fields[0]))
    raise RuntimeError("no loopback interface in /proc/net/dev")


def udp_sent():
    lines = [line.split() for line in pathlib.Path("/proc/net/snmp").read_text().splitlines() if line[:4] == "Udp:"]
    return dict(zip(lines[0][1:], map(int, lines[1][1:])))["OutDatagrams"]


def measuring_ns():
    """Processor time of this program, and of those that it has started and that have ended."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return int(sum(one.ru_utime + one.ru_stime for one in used) * 1e9)


def machine_busy_ns():
    """Time that all processors together were not idle, stolen time included."""
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    idle = fields[3] + fields[4]
    return (sum(fields[:8]) - idle) * (1_000_000_000 // os.sysconf("SC_CLK_TCK"))
