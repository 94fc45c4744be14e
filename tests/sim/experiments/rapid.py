"""Rapid's experiments (Suresh et al., USENIX ATC 2018) with our engine and with the model of Serf."""

import figures
import plot

ENGINES = ("Serf's rules", "half and half", "gossipd")
# What the paper does to 10 of 1,000 members.
NAMES = ("1 % crash", "1 % hear nothing, 20 s of 40", "1 % lose 80 % of what they send", "1 % lose 80 % of what they get")
PUBLISHED = {
    "1 % crash": "many intermediate sizes; reacts some 10 s before Rapid, which changes its view once",
    "1 % hear nothing, 20 s of 40": "never removes all, oscillates to the end, inconsistent views",
    "1 % lose 80 % of what they send": "not conclusively removed, inconsistent views (the text says egress)",
    "1 % lose 80 % of what they get": "the same (the figure's caption says ingress)",
}


def nodes(quick):
    return 200 if quick else 1000


def faults(count):
    """{name: settings} in a cluster of `count` members."""
    always = {"on": 100000, "off": 0, "length": 100000}
    settings = ({"kind": "crash", "off": 0, "length": 60000},
                {"kind": "ingress", "lost": 1, "on": 20000, "off": 20000, "length": 100000},
                {"kind": "egress", "lost": 0.8, **always},
                {"kind": "ingress", "lost": 0.8, **always})
    return {name: {**each, "faulty": count // 100} for name, each in zip(NAMES, settings)}


def serf_like(engine, count):
    return {ENGINES[0]: count, ENGINES[1]: count // 2, ENGINES[2]: 0}[engine]


def runs(quick):
    count = nodes(quick)
    return [{"experiment": "disturbances",
             "settings": {"nodes": count, "serf_like": serf_like(engine, count), **fault, "seed": seed}}
            for seed in ((1,) if quick else (1, 2)) for fault in faults(count).values() for engine in ENGINES
            if engine != ENGINES[1] or fault["off"]]


def rows_of(results):
    count = results[0]["settings"]["nodes"]
    rows = []
    for name, fault in faults(count).items():
        for engine in ENGINES:
            these = figures.chosen(results, serf_like=serf_like(engine, count), **fault)
            if not these:
                continue
            runs_of = len(these)
            healthy = count - fault["faulty"]
            minutes = runs_of * fault["length"] / 60000
            rows.append([f"{name}: {engine}", runs_of,
                         figures.number(figures.total(these, "sizes") / runs_of, 1),
                         figures.seconds(figures.median(figures.values(these, "first"))),
                         figures.seconds(figures.median(figures.values(these, "all"))),
                         f"{len(figures.values(these, 'all'))} of {fault['faulty'] * runs_of}",
                         figures.number(figures.total(these, "differ") / runs_of),
                         figures.number(figures.total(these, "changes") / healthy / minutes, 1),
                         figures.number(figures.total(these, "wrong") / healthy / runs_of, 2)])
    return rows


def plot_of(results):
    count = results[0]["settings"]["nodes"]
    series = {}
    for engine in ENGINES:
        points = []
        for place, fault in enumerate(faults(count).values(), 1):
            these = figures.chosen(results, serf_like=serf_like(engine, count), **fault)
            if these:
                points.append((place, figures.total(these, "differ") / len(these)))
        series[engine] = points
    return plot.lines("Views differ (1 crash, 2 flip-flop, 3 egress loss, 4 ingress loss)", "fault",
                      "seconds of the run", series)


def page(results):
    count = results[0]["settings"]["nodes"]
    head = ["", "runs", "cluster sizes seen", "first calls it failed, median s", "all have, median s", "removed by all",
            "s in which views differ", "changes a minute and member", "healthy called failed, by each"]
    published = figures.table(["", "memberlist in the paper, 10 of 1,000 members"], [list(each) for each in PUBLISHED.items()])
    text = f"""# Rapid's faults

{count} members; {count // 100} of them crash (their hosts fall silent), hear nothing for 20 s of every 40 s, or lose 80 % of the datagrams and TCP
segments that they send or get. The healthy members are looked at once a second: which sizes of the cluster they have seen in the
whole run, and in how many seconds not all of them had the same. Runs are 60 s long for the crashes and 100 s for the others.
*Serf's rules* is the model of memberlist (`tests/sim/serf_like.h`), *half and half* has every other member follow it.

{figures.table(head, rows_of(results))}
![seconds in which views differ](rapid.svg)

## What the paper prints

Suresh et al., *Stable and Consistent Membership at Scale with Rapid*, USENIX ATC 2018, on 100 virtual machines:

{published}
The paper's processes share processors and queue at them; here nothing does, so all members hear of a failure within the time that gossip
takes. Its runs are longer. As in the paper, members that are hard to hear are not removed for good by either engine: gossipd
removes more of them, takes them back again more often, and called no healthy member failed, where Serf's rules did. Loss of what members
get removed nobody in these runs: who hears only every fifth packet is suspected again and again, but within the twelve seconds of a
suspicion it need hear but one of some two dozen packets that tell it so (each member's ping carries the suspicion, and so does gossip),
which it misses once in two hundred times, and its refutation leaves unhindered. By our reckoning; no run traced it.
"""
    return text, {"rapid": plot_of(results)}
