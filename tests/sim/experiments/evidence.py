"""Evidence of a process's death (docs/design.md): what it gains, and whether it mistakes the living for the dead."""

import figures
import plot

GRACES = {"without": 0, "with": 2000}
# What must not be called failed, with the time of absence in ms.
ABSENCES = [("restart", 100), ("restart", 500), ("restart", 1000), ("restart", 1900), ("restart", 3000), ("restart", 5000),
            ("pause", 1000), ("pause", 3000), ("pause", 6000), ("pause", 10000)]


def sizes(quick):
    return (5, 50) if quick else (5, 50, 200)


def runs(quick):
    wanted = []
    for grace in GRACES.values():
        for nodes in sizes(quick):
            for seed in range(1, 4 if quick else max(5, min(21, 1000 // nodes))):
                wanted.append({"kind": "process", "nodes": nodes, "grace": grace, "seed": seed, "count": 1, "gap": 60000})
        for kind, absent in ABSENCES:
            wanted.append({"kind": kind, "nodes": 50, "grace": grace, "seed": 1, "absent": absent,
                           "count": 10 if quick else 40, "gap": 60000})
    return [{"experiment": "ends", "settings": each} for each in wanted]


def page(results):
    rows = []
    series = {name + " evidence": [] for name in GRACES}
    for nodes in sorted({each["settings"]["nodes"] for each in figures.chosen(results, kind="process")}):
        row = [nodes]
        for name, grace in GRACES.items():
            these = figures.chosen(results, kind="process", nodes=nodes, grace=grace)
            first, everybody = figures.values(these, "first"), figures.values(these, "all")
            row += [len(first), figures.seconds(figures.median(first)), figures.seconds(figures.quantile(first, 0.99)),
                    figures.seconds(figures.median(everybody))]
            series[name + " evidence"].append((nodes, (figures.median(first) or 0) / 1000))
        rows.append(row)
    head = ["members", "without: crashes", "first, median s", "99 % s", "all, median s",
            "with: crashes", "first, median s", "99 % s", "all, median s"]
    absences = []
    for kind, absent in ABSENCES:
        row = [f"{'restarted after' if kind == 'restart' else 'paused for'} {absent / 1000:g} s"]
        for grace in GRACES.values():
            these = figures.chosen(results, kind=kind, absent=absent, grace=grace)
            count = sum(each["settings"]["count"] for each in these)
            row += [f"{len(figures.values(these, 'first'))} of {count}", figures.number(figures.total(these, "others"))]
        absences.append(row)
    absence_head = ["", "without: called failed", "others called failed", "with: called failed", "others called failed"]
    text = f"""# Evidence of a process's death

A process ends and its host refuses whatever comes, with and without `restart_grace` = 2 s (docs/design.md, *A refused connection is
evidence*). Until the first other member calls it failed, and until all do:

{figures.table(head, rows)}
![seconds to the first that calls it failed](evidence.svg)

## Who is absent for a while

50 members, one after the other restarted (with its snapshot) or paused. How many were called failed by anybody, and how often
somebody else was:

{figures.table(absence_head, absences)}
A member that has been away for longer than the grace may be called failed, as its process has been dead for that time; a paused process
accepts connections, so nothing is proven. Refusals on one path, of one protocol, by firewalls, and mass events are
scripts of their own: `tests/script/evidence`.
"""
    return text, {"evidence": plot.lines("A process ends: the first that calls it failed", "members", "s, median", series,
                                         x_log=True)}
