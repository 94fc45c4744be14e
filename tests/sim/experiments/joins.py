"""All members start at once and join one."""

import figures
import plot


ENGINES = ("Serf's rules", "gossipd")
# Of memberlist, in the Rapid paper: sizes that members have seen on the way.
PUBLISHED_SIZES = {1000: 901, 2000: 1858}


def sizes(quick):
    return (50, 200) if quick else (50, 200, 500, 1000)


def runs(quick):
    wanted = [(nodes, serf_like) for nodes in sizes(quick) for serf_like in (nodes, 0)]
    if not quick:
        wanted.append((2000, 0))
    return [{"experiment": "joins", "settings": {"nodes": nodes, "serf_like": serf_like}} for nodes, serf_like in wanted]


def page(results):
    rows = []
    series = {engine: [] for engine in ENGINES}
    for each in results:
        nodes = each["settings"]["nodes"]
        engine = ENGINES[0] if each["settings"]["serf_like"] else ENGINES[1]
        half, everybody, sizes_seen, packets, size = (figures.total([each], name)
                                                      for name in ("half", "all", "sizes", "packets", "bytes"))
        series[engine].append((nodes, everybody / 1000))
        rows.append([f"{nodes}, {engine}", figures.seconds(half, 2), figures.seconds(everybody, 2),
                     figures.number(sizes_seen), PUBLISHED_SIZES.get(nodes, "") if engine == ENGINES[0] else "",
                     figures.number(packets / nodes), figures.number(size / nodes / 1000)])
    head = ["members", "half know all, s", "all know all, s", "cluster sizes seen", "of memberlist, in the paper",
            "packets of a member", "kB of a member"]
    text = f"""# A mass join

All members but the first start within 100 ms and join the first. From then until the median member knows all, and until every member
does; and which sizes of the cluster members have seen on the way, each looking once a second, as in Rapid's paper. *Serf's rules* is
the model of memberlist (`tests/sim/serf_like.h`). The links take 0.25 ms, and the processes nothing. No size seen: all knew all before
the first look.

{figures.table(head, rows)}
![seconds until all know all](joins.svg)

## What the paper prints

Suresh et al., *Stable and Consistent Membership at Scale with Rapid*, USENIX ATC 2018: up to 95 s on average until all of 2,000 members
of memberlist report 2,000, on 100 shared virtual machines; Rapid is 2 to 2.32 times as fast. Cluster sizes seen with 1,000 and 2,000
members: memberlist 901 and 1,858, Rapid 4 and 4.

Why the model of memberlist here is faster than the paper's: the simulator's processes need no time and nobody's connections are
refused, so each newcomer has the seed's whole state, with all who came before it, in the moment that it joins. What is left for gossip
is to tell the early ones of the late ones. The rate of the tick, three packets of 16 members each every 200 ms, then decides.
"""
    return text, {"joins": plot.lines("Until all know all", "members", "s", series, x_log=True, y_log=True)}
