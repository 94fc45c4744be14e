"""SWIM (Das, Gupta, Motivala, DSN 2002): first detection, dissemination and load against the number of members."""

import math

import figures
import plot

PUSHES = ("tick", "eager")
# Read off the paper's figure 3b: medians of the dissemination in periods (2 s each), by the number of members.
PUBLISHED_SPREAD = {8: 1.0, 13: 1.25, 20: 3.0, 28: 3.0, 35: 2.0, 43: 2.5, 52: 1.5, 56: 2.3}


def sizes(quick):
    return (8, 28) if quick else (8, 16, 28, 56, 128, 300)


def runs(quick):
    wanted = []
    for nodes in sizes(quick):
        seeds = 3 if quick else max(3, min(30, 600 // nodes))
        for push in PUSHES:
            wanted += [{"nodes": nodes, "push": push, "grace": 0, "kind": "silent", "count": 1 if nodes < 20 else 3,
                        "gap": 60000, "seed": seed} for seed in range(1, seeds + 1)]
    return [{"experiment": "ends", "settings": each} for each in wanted]


def page(results):
    rows = []
    loads, spreads = {}, {}
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
            loads[nodes, push] = figures.values(these, "packets")
            if spread:
                spreads[nodes, push] = figures.median(spread) / 1000
            rows.append([f"{nodes}, {push}", len(suspected), figures.number(mean, 2),
                         figures.number(figures.quantile(suspected, 0.99), 2), figures.seconds(figures.median(first)),
                         figures.number(figures.median(spread), 1),
                         figures.number(sum(figures.values(these, "packets")) / len(these), 2)])
    line = math.e / (math.e - 1)
    series["e/(e−1) periods"] = [(nodes, line) for nodes in sorted({each["settings"]["nodes"] for each in results})]
    means = [mean for push in PUSHES for _, mean in series[f"first suspicion, {push}"]]
    low, high = figures.number(min(means), 1), figures.number(max(means), 1)
    loads = [sum(values) / len(values) for values in loads.values()]
    load = figures.number(min(loads), 2)
    load += "" if load == figures.number(max(loads), 2) else " to " + figures.number(max(loads), 2)
    smallest, largest = (pick(nodes for nodes, _ in series["e/(e−1) periods"]) for pick in (min, max))
    spread_rows = [[nodes, PUBLISHED_SPREAD.get(nodes, "–"),
                    *(figures.number(spreads.get((nodes, push)), 3) for push in PUSHES)]
                   for nodes in sorted({*PUBLISHED_SPREAD, *(nodes for nodes, _ in spreads)})]
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

## What the paper prints

Das, Gupta, Motivala: *SWIM*, DSN 2002; up to 56 members on machines of 2000, with a period of 2 s, one helper, and a suspicion of
3 ⌈ln(N + 1)⌉ periods. As far as we could read its figures:

| | SWIM | here |
|---|---|---|
| first detection | means of 1.1 to 3.3 periods for 8 to 40 members, not correlated with their number | means of {low} to {high} periods for {smallest} to {largest}, not correlated either; it counts to the end of the failed probe |
| messages that a member sends in a period | about 2.0, flat up to 55 members | {load}, flat up to {largest} |

Until all know of a failure, in periods, median:

{figures.table(["members", "SWIM, periods of 2 s", *(f"here, {push}, periods of 1 s" for push in PUSHES)], spread_rows)}
There, news rides on pings alone, one in a period. Serf's ticks, five in a period, tell three members each besides, and the eager push
does not wait. The paper has no percentiles and no more than 56 members; where it has no figure ours stand alone.
"""
    return text, {"detection": plot.lines("First suspicion of a silent member", "members", "s", series, x_log=True)}
