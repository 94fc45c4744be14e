"""Lifeguard's controlled anomalies (Dadgar, Phillips, Currey: arXiv 1707.00788)."""

import figures
import plot

OFF = {"push": "tick", "grace": 0, "alpha": 5}
# As the paper turns its parts on; then what Serf and gossipd ship.
VARIANTS = {
    "SWIM": {**OFF, "awareness": 1, "beta": 1, "buddy": "off"},
    "LHA-Probe": {**OFF, "awareness": 8, "beta": 1, "buddy": "off"},
    "LHA-Suspicion": {**OFF, "awareness": 1, "beta": 6, "buddy": "off"},
    "Buddy System": {**OFF, "awareness": 1, "beta": 1, "buddy": "on"},
    "Lifeguard": {**OFF, "awareness": 8, "beta": 6, "buddy": "on"},
    "Lifeguard, α=4 (Serf)": {**OFF, "alpha": 4, "awareness": 8, "beta": 6, "buddy": "on"},
    "gossipd": {"push": "eager", "grace": 2000, "alpha": 4, "awareness": 8, "beta": 6, "buddy": "on"},
}
# Run with more seeds, for a look at each cell.
COMPARED = ("Lifeguard, α=4 (Serf)", "gossipd")
# Every other member of 128, or each, follows Serf's rules (tests/sim/serf_like.h).
MIXED = {"all follow Serf's rules": 128, "every other does": 64, "gossipd alone": 0}
# Read from the paper's tables, in percent of SWIM.
PUBLISHED = {"SWIM": (100, 100), "LHA-Probe": (67.72, 32.88), "LHA-Suspicion": (3.00, 6.71),
             "Buddy System": (94.08, 44.57), "Lifeguard": (1.53, 1.89)}
SWEEP = [{**OFF, "alpha": alpha, "awareness": 8, "beta": beta, "buddy": "on"}
         for alpha in (2, 3, 4, 5) for beta in (2, 4, 6)]


def grid(quick):
    if quick:
        return [(16, 32768, 64)], [1]
    cells = [(count, blocked, pause) for count in (4, 16, 32) for blocked in (8192, 32768) for pause in (64, 16384)]
    return cells, [1, 2, 3]


def runs(quick):
    cells, seeds = grid(quick)
    wanted = []
    for name, settings in VARIANTS.items():
        for count, blocked, pause in cells:
            for seed in seeds if name in COMPARED else seeds[:1]:
                wanted.append({**settings, "anomalous": count, "blocked": blocked, "pause": pause, "seed": seed})
    for serf_like in filter(None, MIXED.values()):
        for count, blocked, pause in cells:
            for seed in seeds:
                wanted.append({**VARIANTS["gossipd"], "serf_like": serf_like, "anomalous": count, "blocked": blocked,
                               "pause": pause, "seed": seed})
    # Latencies: one long block, so that the anomalous members are rightly called failed.
    for settings in [*VARIANTS.values(), *SWEEP]:
        for seed in range(1, 2 if quick else 3):
            wanted.append({**settings, "anomalous": 4, "blocked": 60000, "pause": 0, "length": 60000, "seed": seed})
    for settings in SWEEP:
        for seed in seeds[:2]:
            wanted.append({**settings, "anomalous": 16, "blocked": 32768, "pause": 64, "seed": seed})
    unique = {tuple(sorted(each.items())): each for each in wanted}
    return [{"experiment": "anomalies", "settings": each} for each in unique.values()]


def percent(part, whole):
    return "–" if not whole else f"{100 * part / whole:.2f}"


def interval_table(results):
    rows = []
    whole = None
    for name, settings in VARIANTS.items():
        these = [each for each in figures.chosen(results, **settings) if each["settings"]["pause"]
                 and len(figures.chosen(results, **{**each["settings"], **VARIANTS["SWIM"]})) == 1]
        sums = [figures.total(these, figure) for figure in ("false_positives", "at_healthy", "packets", "bytes")]
        whole = whole or sums
        published = PUBLISHED.get(name)
        rows.append([name, figures.number(sums[0]), figures.number(sums[1]), percent(sums[0], whole[0]),
                     percent(sums[1], whole[1]), *(published or ("", "")), percent(sums[2], whole[2]),
                     percent(sums[3], whole[3])])
    head = ["", "FP", "FP−", "FP %", "FP− %", "paper FP %", "paper FP− %", "messages %", "bytes %"]
    return figures.table(head, rows)


def latency_rows(results, wanted):
    rows = []
    for name, settings in wanted:
        these = [each for each in figures.chosen(results, **settings) if each["settings"]["pause"] == 0]
        first, everybody = figures.values(these, "first"), figures.values(these, "all")
        if first:
            rows.append([name, figures.seconds(figures.median(first)), figures.seconds(figures.quantile(first, 0.99)),
                         figures.seconds(figures.median(everybody)),
                         figures.seconds(figures.quantile(everybody, 0.99))])
    return rows


def sweep_table(results):
    rows = []
    for settings in SWEEP:
        heavy = [each for each in figures.chosen(results, **settings, anomalous=16, blocked=32768, pause=64)]
        rows.append([f"α={settings['alpha']} β={settings['beta']}",
                     figures.number(figures.total(heavy, "false_positives") / max(1, len(heavy)), 1),
                     *latency_rows(results, [("", settings)])[0][1:4]])
    return figures.table(["", "FP in a run", "first, median s", "first, 99 % s", "all, median s"], rows)


def comparison(results):
    """gossipd beside Serf's settings, cell by cell, all seeds together: a table, and the cells where gossipd is worse."""
    names = ("false_positives", "at_healthy", "wrong_seconds")
    cells = {}
    for place, name in enumerate(COMPARED):
        for each in figures.chosen(results, **VARIANTS[name]):
            cell = tuple(each["settings"][key] for key in ("anomalous", "blocked", "pause"))
            if cell[2]:
                sums = cells.setdefault(cell, [[0] * len(names), [0] * len(names)])[place]
                for column, figure in enumerate(names):
                    sums[column] += figures.total([each], figure)
    rows = [[f"C={cell[0]} D={cell[1] / 1000:g} s I={cell[2] / 1000:g} s",
             *(figures.number(value) for place in (0, 1) for value in cells[cell][place])] for cell in sorted(cells)]
    more = [row[0] for cell, row in zip(sorted(cells), rows) if any(
        ours > theirs for theirs, ours in zip(cells[cell][0][:2], cells[cell][1][:2]))]
    head = ["", *(f"{engine}: {name}" if column == 0 else name for engine in ("Serf's settings", "gossipd")
                  for column, name in enumerate(("FP", "FP−", "s shown as failed")))]
    return figures.table(head, rows), more


def mixed_table(results, mixed):
    rows = []
    for name, serf_like in MIXED.items():
        these = [each for each in figures.chosen(mixed if serf_like else results, **VARIANTS["gossipd"])
                 if each["settings"]["pause"] and each["settings"].get("serf_like", 0) == serf_like]
        rows.append([name, len(these), *(figures.number(figures.total(these, figure))
                                         for figure in ("false_positives", "at_healthy", "wrong_seconds"))])
    return figures.table(["", "runs", "FP", "FP−", "s shown as failed"], rows)


def verdict_on(mixed):
    theirs, half = (figures.total([each for each in mixed if each["settings"]["serf_like"] == count], "false_positives")
                    for count in filter(None, MIXED.values()))
    return (f"It is not so: with every other member gossipd's there are {100 * half / theirs:.0f} % of the false positives that there are "
            "with none." if half < theirs else "It is so: a mixed cluster has more false positives than one by Serf's rules.")


def plot_of(results):
    series = {}
    for name, settings in VARIANTS.items():
        points = {}
        for each in figures.chosen(results, **settings):
            if each["settings"]["pause"] and len(
                    figures.chosen(results, **{**each["settings"], **VARIANTS["SWIM"]})) == 1:
                count = each["settings"]["anomalous"]
                points[count] = points.get(count, 0) + figures.total([each], "false_positives")
        series[name] = list(points.items())
    return plot.lines("False positives, all durations and pauses together", "anomalous members of 128",
                      "healthy members called failed", series, y_log=True)


def page(all_results):
    mixed = [each for each in all_results if each["settings"].get("serf_like")]
    results = [each for each in all_results if each not in mixed]
    compared, more = comparison(results)
    cells = len(grid(len({each["settings"]["seed"] for each in results}) == 1)[0])
    seeds = ", ".join(str(seed) for seed in sorted({each["settings"]["seed"] for each in figures.chosen(
        results, **VARIANTS["gossipd"]) if each["settings"]["pause"]}))
    worse = "In no cell has gossipd more false positives than Serf's settings, by either count." if not more else (
        "In these, gossipd has more false positives than Serf's settings: " + "; ".join(more) + ".")
    names = list(VARIANTS.items())
    medians = {}
    for name, settings in VARIANTS.items():
        these = [each for each in figures.chosen(results, **settings) if each["settings"]["pause"] == 0]
        medians[name] = figures.median(figures.values(these, "all"))
    shorter = figures.number(100 * medians["Lifeguard, α=4 (Serf)"] / medians["Lifeguard"])
    head = ["", "first, median s", "first, 99 % s", "all, median s", "all, 99 % s"]
    text = f"""# Lifeguard's table

128 members, `C` of which can neither send nor receive for `D`, again after a pause of `I`, for 120 s; their timers run on
and what was sent meanwhile leaves at the end of each block. Counted is each time that a healthy member is called failed: by anybody
(FP), by healthy members (FP−). Each part of Lifeguard is turned off in our engine: `awareness=1` is no LHA-Probe, `beta=1` no
LHA-Suspicion, and without the Buddy System the simulator takes the suspicion out of pings. All but the last line wait for Serf's tick.

{interval_table(results)}
![false positives by the number of anomalous members](lifeguard.svg)

The percentages of the paper are of its interval experiment, with more durations and pauses and ten repetitions, as far as we could
read them (Dadgar, Phillips, Currey, arXiv 1707.00788 v2; {cells} cells here, with seed 1, for these lines). The order is the paper's.
Where the figures differ from the paper's: nearly all of its false positives are at the anomalous members (FP− is 0.4 % of SWIM's FP),
here most are at healthy ones. As we understand it, an agent there stands still at the first message that it cannot send; here its timers
run on, and all accusations of a whole block leave at its end and reach everybody. The Buddy System tells a suspect of its suspicion in
pings, which does nothing against that. And our engine gives the helpers of a probe their whole time if that ran out while the
process could not work. *Messages* are datagrams: the eager push sends each piece of news in waves of its own where ticks bundle, so
gossipd sends more of them, and a ninth more bytes than Serf's settings.

## gossipd beside Serf's settings

The same cells, seeds {seeds} together; α is 4 on both sides. The last column counts the seconds that healthy members showed healthy
members as failed.

{compared}
{worse}

In an earlier version the eager push made more false positives than Serf's ticks: 1,444 against 929 in a run with C=16, D=32.8 s, I=64 ms
(means of eight seeds), 1,036 against 441 of them at healthy members; `restart_grace` had no part in it. A trace showed why. Members that
are cut off together suspect the same others. The moment that they are back, each has the confirmations of the rest, which end its
suspicions at once, as in memberlist; and it has them in a millisecond, before the refutation, which is a round trip behind and whose
eager wave besides waited for the rest of 100 ms after that of the accusation. Then the whole cluster had the death before its
refutation, where with ticks half of it hears the refutation first. Since then a confirmation leaves a probe interval at least, and a
refutation waits for no accusation (docs/design.md, *A late confirmation leaves time to refute*).

## Mixed clusters

The same cells and seeds, where every other member, or each, follows the model of Serf's rules:

{mixed_table(results, mixed)}
Members by Serf's rules end a suspicion at its last confirmation, so that what gossipd members confirm quickly could make them call more
healthy members failed. {verdict_on(mixed)}

## Detection

Four members fall silent for 60 s. Until the first healthy member calls one failed, and until all do:

{figures.table(head, latency_rows(results, names))}
The paper's table of latencies is not at hand. HashiCorp's figure for α=4 is 84 % of the median time to full detection with α=5, at about 5 %
of SWIM's false positives instead of about 2 % (blog and figure to the paper); here it is {shorter} %.

## α and β

False positives with C=16, D=32 768 ms, I=64 ms, all of Lifeguard on:

{sweep_table(results)}
HashiCorp's figure has for Lifeguard, in percent of SWIM with α=5: α=4 84 % of the time and 5 % of the false positives, α=2 57 % and 14 %.
The paper's own table of α and β is not at hand; where it has none of ours, ours stand alone.
"""
    return text, {"lifeguard": plot_of(results)}
