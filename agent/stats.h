// The agent's figures as `serf info` and `gossipctl info` show them (rpc.md §5.11).
#pragma once

#include "gossip/engine.h"

#include "rpc/protocol.h"

namespace gossip::agent {

// Serf's sections, and three of ours: "network" and "events" with the counters, "dropped" with what was ignored
// and why.
[[nodiscard]] gossip::rpc::StatsSections stats_sections(const Engine& engine);

}  // namespace gossip::agent
