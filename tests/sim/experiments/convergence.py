"""How fast an event spreads: our eager push beside memberlist's tick."""

import figures
import plot

LOSSES = (0, 0.05, 0.25)
PUSHES = ("tick", "eager")


def sizes(quick):
    return (30, 100) if quick else (30, 50, 100, 300)


def runs(quick):
    return [{"experiment": "spread",
             "settings": {"nodes": nodes, "push": push, "loss": loss, "events": 20 if quick or nodes > 300 else 100}}
            for nodes in sizes(quick) for loss in LOSSES for push in PUSHES]


def page(results):
    rows = []
    series = {}
    for nodes in sorted({each["settings"]["nodes"] for each in results}):
        for loss in LOSSES:
            row = [f"{nodes}, {loss:.0%} lost"]
            for push in PUSHES:
                these = figures.chosen(results, nodes=nodes, loss=loss, push=push)
                middle = [figures.median(figures.values(these, figure)) for figure in ("half", "most", "all")]
                row += [figures.number(value, 1 if value is not None and value < 20 else 0) for value in middle]
                row.append(figures.number(figures.total(these, "missing")))
                if middle[2] is not None:
                    series.setdefault(f"{push}, {loss:.0%} lost", []).append((nodes, middle[2]))
            rows.append(row)
    head = ["members", "tick: 50 %", "99 %", "100 %", "missing", "eager: 50 %", "99 %", "100 %", "missing"]
    fifty = figures.chosen(results, nodes=50, loss=0, push="tick")
    model = ""
    if fifty:
        model = f"""
The model of Serf, our engine with `FirstPush::OnTick`, at 50 members without loss: half of them after
{figures.number(figures.median(figures.values(fifty, "half")))} ms, all after {figures.number(figures.median(figures.values(fifty, "all")))} ms. Fifty
real agents of Serf 0.9.4 were measured at 262 and 524 ms (medians).
"""
    text = f"""# How fast an event spreads

A random member sends an event every 3 s; the median time in ms until 50 %, 99 % and 100 % of the others have it. The links take 0.25 ms
and the processes nothing, so these are the protocol's own times. *Missing* counts pairs of an event and a member that had not come
together 10 s after the last event; a push/pull brings them later. Such an event has no time of 100 %.

{figures.table(head, rows)}
![milliseconds until all have an event](convergence.svg)
{model}"""
    return text, {"convergence": plot.lines("Until all have an event", "members", "ms", series, x_log=True, y_log=True)}
