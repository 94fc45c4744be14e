"""SWIM (Das, Gupta, Motivala, DSN 2002): first detection, dissemination and load against the number of members."""

import math

import figures
import plot

PUSHES = ("tick", "eager")


def sizes(quick):
    return (8, 28) if quick else (8, 16, 28, 56, 128, 300)


def runs(quick):
    wanted = []
    for nodes in sizes(quick):
        seeds = 3 if quick else max(3, min(30, 1000 // nodes))
        for push in PUSHES:
            wanted += [{"nodes": nodes, "push": push, "grace": 0, "kind": "silent", "count": 1 if nodes < 20 else 3,
                        "gap": 60000, "seed": seed} for seed in range(1, seeds + 1)]
    return [{"experiment": "ends", "settings": each} for each in wanted]


def page(results):
    rows = []
    series = {"first suspicion, tick": [], "first suspicion, eager": []}
    for nodes in sorted({each["settings"]["nodes"] for each in results}):
        for push in PUSHES:
            these = figures.chosen(results, nodes=nodes, push=push)
            suspected = [value / 1000 for value in figures.values(these, "suspected")]
            first, everybody = figures.values(these, "first"), figures.values(these, "all")
            spread = [last - begin for begin, last in zip(first, everybody)]
            mean = sum(suspected) / len(suspected) if suspected else None
            if mean is not None:
                series[f"first suspicion, {push}"].append((nodes, mean))
            rows.append([f"{nodes}, {push}", len(suspected), figures.number(mean, 2),
                         figures.number(figures.quantile(suspected, 0.99), 2), figures.seconds(figures.median(first)),
                         figures.number(figures.median(spread), 1),
                         figures.number(sum(figures.values(these, "packets")) / len(these), 2)])
    line = math.e / (math.e - 1)
    series["e/(e−1) periods"] = [(nodes, line) for nodes in sorted({each["settings"]["nodes"] for each in results})]
    head = ["members", "crashes", "suspected, mean s", "99 % s", "called failed, median s", "to all others, median ms",
            "packets a member sends in a second"]
    text = f"""# First detection, dissemination and load

A member's host falls silent; `restart_grace` is 0. Until the first other one's probe of it has failed, in seconds, which are the probe
periods here (T = 1 s); until somebody calls it failed, a suspicion later; from there until all others do. The load is that of the ten
seconds before the first crash, when nothing happens.

{figures.table(head, rows)}
![seconds to the first suspicion](detection.svg)

SWIM's analysis expects a first *ping* of a dead member within e/(e−1) = {line:.2f} periods, counted in whole periods and for members
that choose at random. Probes here go round in random order, each member's rounds begin at another moment, and the suspicion
comes at the end of the period that began with the ping: 1 s for the ping to come, on average, and 1 s for the period, whatever the
number of members. Each sends one ping and one ack in a second, on average.
"""
    return text, {"detection": plot.lines("First suspicion of a silent member", "members", "s", series, x_log=True)}
