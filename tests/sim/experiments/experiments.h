// What can be tried in a world; each gives its figures by name, in the order of being put there.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gossip/error.h"

#include "sim/experiments/settings.h"

namespace gossip::sim {

using Figures = std::vector<std::pair<std::string, std::vector<double>>>;

// How long user events of random members take to half, 99 % and all of the others.
//   events=N, gap=MS between them, patience=MS after the last one; what is given of Lab's settings
// Figures: half, most, all (ms, one for each event that came so far), missing (pairs of an event and a member); of the
// pairs that came their number, pair_quantiles (ms: 50, 99, 99.9 %) and how many came later than 2 s.
[[nodiscard]] Expected<Figures> spread_events(Settings& settings);

// How a member's end is noticed, or its absence is not taken for one.
//   count=N one after the other, gap=MS; kind=silent (its host is gone), process (its host refuses), pause or
//   restart (for absent=MS)
// Figures: suspected, first, all (ms from its end to the first suspicion, to the first member that calls it failed,
// to the last), failures (how often anybody called it so), others (how often anybody else was called so), packets
// (sent by a member in a second before the first of it).
[[nodiscard]] Expected<Figures> end_members(Settings& settings);

// Lifeguard's controlled anomalies: the messages of `anomalous` members neither come nor go for `blocked` ms, again after `pause` ms, for
// `length` ms; pause=0: once.
// Figures: false_positives (healthy members called failed, by anybody), at_healthy (by healthy members), wrong_seconds (that healthy
// members called them so, altogether), first, all
// (ms from the first block until an anomalous member was called failed, by anybody and by all healthy ones), packets,
// bytes.
[[nodiscard]] Expected<Figures> block_members(Settings& settings);

// Everybody but the first starts within 100 ms and joins it.
// Figures: all (ms until each knows all), half (until the median member does), sizes (how many cluster sizes they have
// seen, each looking once a second as in Rapid's paper), packets, bytes (TCP included).
[[nodiscard]] Expected<Figures> join_at_once(Settings& settings);

// What goes wrong with a share of the members while the rest is well (Suresh et al.: Rapid, USENIX ATC 2018).
//   faulty=N of them; kind=crash (their hosts fall silent), ingress (they do not hear) or egress (they are not heard)
//   lost=SHARE of their datagrams and segments, for on=MS and again after off=MS, 0: for good; length=MS
// Figures: sizes (how many cluster sizes the healthy have seen, looking once a second), first, all (ms until a faulty member
// was called failed first, and until all healthy ones had done so), differ (seconds in which the healthy did not agree on who is
// there), changes (how often a healthy member called a faulty one failed or back), wrong (or a healthy one failed), packets.
[[nodiscard]] Expected<Figures> disturb_members(Settings& settings);

// Many engines in one process: a minute of steady state with an event, a crash and a leave.
// Figures: what it took and what came of it; see scale.cpp.
[[nodiscard]] Expected<Figures> measure_scale(Settings& settings);

}  // namespace gossip::sim
