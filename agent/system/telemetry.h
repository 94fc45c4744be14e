// What SIGUSR1 prints: the counters and gauges in the shape of Serf's telemetry dump, under Serf's names where
// it has the same figure. Serf counts by intervals of ten seconds; these are totals since the start.
#pragma once

#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/stats.h"

namespace gossip::agent {

// "[2026-11-23 20:27:20 +0000 UTC][C] 'serf-agent.memberlist.udp.sent': Count: 3 Sum: 3.000", sorted by name;
// gauges have `host` after the prefix, as Serf's.
[[nodiscard]] std::vector<std::string> telemetry_lines(const Stats& stats, const std::tm& utc,
                                                       std::string_view host);

}  // namespace gossip::agent
