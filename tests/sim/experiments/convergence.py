"""How fast an event spreads: our eager push beside memberlist's tick."""

import math

import figures
import plot

LOSSES = (0, 0.05, 0.25)
ENGINES = ("Serf's rules", "half and half", "gossipd")
# Fifty real agents of Serf 0.9.4 on one host, 600 events at 5 a second: ms at 50, 99 and 99.9 % of the 29,400 pairs, and the
# share that came later than 2 s.
MEASURED = (252.5, 525, 699, 8 / 29400)
# What Serf's web page calculated (serf.io, _simulator.js before commit 1e5befc): s at 50 % and 99 %, and 99 % at 25 % loss.
CALCULATED = {30: (0.6, 1.2, 1.6), 50: (0.6, 1.2, 1.6), 100: (0.8, 1.4, 1.8), 1000: (1.0, 1.6, 2.2), 10000: (1.4, 2.0, 2.6)}


# From here on a run takes minutes, and a world of 10,000 as many to be filled, and 15 GiB.
LARGE = 1000


def sizes(quick):
    return (30, 100) if quick else (30, 50, 100, 300, 1000, 3000, 10000)


def serf_like(engine, count):
    return {ENGINES[0]: count, ENGINES[1]: count // 2, ENGINES[2]: 0}[engine]


def sending(nodes, loss, engine, quick):
    if nodes >= 10 * LARGE and loss > 0.2 and engine == ENGINES[2]:  # a virtual second takes two real minutes
        return {"events": 4, "gap": 500, "patience": 3000}
    return {"events": 10, "gap": 1000} if nodes >= LARGE else {"events": 20 if quick else 40, "gap": 3000}


def runs(quick):
    wanted = [{"nodes": nodes, "serf_like": serf_like(engine, nodes), "loss": loss, **sending(nodes, loss, engine, quick)}
              for nodes in sizes(quick) for loss in LOSSES for engine in ENGINES
              if engine != ENGINES[1] or nodes <= LARGE]
    model = [{"nodes": 50, "serf_like": serf_like(engine, 50), "events": 60 if quick else 600, "gap": 200, "seed": seed}
             for engine in ENGINES for seed in ((1,) if quick else (1, 2, 3))]
    return [{"experiment": "spread", "settings": each} for each in wanted + model]


def median_of_all(results, figure):
    """Of the times of all events; an event that did not come so far has an infinite one."""
    times = figures.values(results, figure)
    missing = sum(each["settings"]["events"] for each in results) - len(times)
    return figures.median(times + [math.inf] * missing)


def milliseconds(time):
    return "never" if time == math.inf else figures.number(time, 1 if time < 20 else 0)


def in_seconds(time):
    return "never" if time == math.inf else figures.seconds(time, 3)


def difference(ours, theirs):
    return f"{100 * (ours - theirs) / theirs:+.0f} %"


def model_table(results):
    rows = [["real agents, measured", "1", *(figures.number(value, 1) for value in MEASURED[:3]),
             f"{1e4 * MEASURED[3]:.1f}"]]
    model = None
    for engine in ENGINES:
        these = figures.chosen(results, nodes=50, gap=200, serf_like=serf_like(engine, 50))
        if not these:
            continue
        quantiles = [figures.median(values) for values in zip(*(each["figures"]["pair_quantiles"] for each in these))]
        late = figures.total(these, "late") + figures.total(these, "missing")
        pairs = figures.total(these, "pairs") + figures.total(these, "missing")
        rows.append([engine, len(these), *(figures.number(value, 1) for value in quantiles), f"{1e4 * late / pairs:.1f}"])
        model = model or quantiles
    if model:
        rows.insert(2, ["of the measured", "", *(difference(ours, theirs) for ours, theirs in zip(model, MEASURED)), ""])
    return figures.table(["", "runs", "50 % of pairs, ms", "99 %", "99.9 %", "later than 2 s, of 10,000"], rows)


def calculated_table(results):
    rows = []
    for nodes, (half, most, lossy) in CALCULATED.items():
        row = [nodes, half, most, lossy]
        for engine in (ENGINES[0], ENGINES[2]):
            for loss, figure in ((0, "half"), (0, "most"), (0.25, "most")):
                these = figures.chosen(results, nodes=nodes, loss=loss, serf_like=serf_like(engine, nodes))
                row.append(in_seconds(median_of_all(these, figure)) if these else "–")
        rows.append(row)
    return figures.table(["members", "serf.io: 50 %", "99 %", "99 % at 25 % loss", "Serf's rules: 50 %", "99 %",
                          "99 % at 25 % loss", "gossipd: 50 %", "99 %", "99 % at 25 % loss"], rows)


def page(results):
    rows = []
    series = {}
    for nodes in sorted({each["settings"]["nodes"] for each in results}):
        for loss in LOSSES:
            row = [f"{nodes}, {loss:.0%} lost"]
            for engine in ENGINES:
                these = figures.chosen(results, nodes=nodes, loss=loss, serf_like=serf_like(engine, nodes))
                if not these:
                    row += ["–"] * 4
                    continue
                middle = [median_of_all(these, figure) for figure in ("half", "most", "all")]
                row += [milliseconds(value) for value in middle]
                row.append(figures.number(figures.total(these, "missing")))
                if middle[2] != math.inf and engine != ENGINES[1]:
                    series.setdefault(f"{engine}, {loss:.0%} lost", []).append((nodes, middle[2]))
            if any(cell != "–" for cell in row[1:]):
                rows.append(row)
    head = ["members"] + [f"{engine}: 50 %" if column == 0 else name for engine in ENGINES
                          for column, name in enumerate(("50 %", "99 %", "100 %", "missing"))]
    text = f"""# How fast an event spreads

A random member sends an event every 3 s; the median time in ms until 50 %, 99 % and 100 % of the others have it. The links take 0.25 ms
and the processes nothing, so these are the protocol's own times. *Serf's rules* is our engine with memberlist's: news waits for a
tick of 200 ms, which tells three members in a packet each, `4 ⌈log10(N + 1)⌉` times, and nothing else (`tests/sim/serf_like.h`); *half
and half* has every other member follow them. *Missing* counts pairs of an event and a member that had not come together 10 s after
the last event; a push/pull brings them later. From 1,000 members on there are ten events, a second apart;
of gossipd with 10,000 members and a loss of 25 % there are four, half a second apart, and 3 s of patience: the cluster has begun to doubt
its members then, and the last event waits behind that. *Never* is what at least half
of the events did not reach: at a loss of 25 % some of 1,000 members are suspected at any time, and news of members goes before events
(as in memberlist), so that by Serf's rules, which send three packets a tick whatever waits, most events stay behind.

{figures.table(head, rows)}
![milliseconds until all have an event](convergence.svg)

## The model against real agents

Fifty agents of Serf 0.9.4 on one host, 600 events at 5 a second; and the same in the simulator, where the quantiles are the medians of
the runs. The model is to be within 15 % at 50 and at 99 %: `sim.experiments` checks it in each test run.

{model_table(results)}

## What Serf's own page calculated

serf.io had a calculator of convergence (`_simulator.js`, removed with the web page in commit 1e5befc), whose formula gives these
seconds. It counts each contact as half of one, and is slower than real agents by about two; the model above is the better reference.

{calculated_table(results)}"""
    return text, {"convergence": plot.lines("Until all have an event", "members", "ms", series, x_log=True, y_log=True)}
