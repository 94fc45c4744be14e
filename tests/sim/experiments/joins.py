"""All members start at once and join one."""

import figures
import plot


def sizes(quick):
    return (50, 200) if quick else (50, 200, 500, 1000)


def runs(quick):
    return [{"experiment": "joins", "settings": {"nodes": nodes, "push": push}}
            for nodes in sizes(quick) for push in ("tick", "eager")]


def page(results):
    rows = []
    series = {"tick": [], "eager": []}
    for each in results:
        nodes, push = each["settings"]["nodes"], each["settings"]["push"]
        half, everybody, packets, size = (figures.total([each], name) for name in ("half", "all", "packets", "bytes"))
        series[push].append((nodes, everybody / 1000))
        rows.append([f"{nodes}, {push}", figures.seconds(half, 2), figures.seconds(everybody, 2),
                     figures.number(packets / nodes), figures.number(size / nodes / 1000)])
    head = ["members", "half know all, s", "all know all, s", "packets of a member", "kB of a member"]
    text = f"""# A mass join

All members but the first start within 100 ms and join the first. From then until the median member knows all, and until every member
does. *Tick* is our engine without the eager push. The links take 0.25 ms, and the processes nothing.

{figures.table(head, rows)}
![seconds until all know all](joins.svg)

The Rapid paper (Suresh et al., USENIX ATC 2018) prints up to 95 s on average for 2,000 members of memberlist, on shared virtual
machines.
"""
    return text, {"joins": plot.lines("Until all know all", "members", "s", series, x_log=True, y_log=True)}
