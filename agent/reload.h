// What a changed configuration means for an agent that is running: what it takes over, and what waits for a
// restart.
#pragma once

#include <string_view>
#include <vector>

#include "gossip/member.h"

#include "config/agent_config.h"

namespace gossip::agent {

// The tags to have after a reload: only what changed between the two configurations changes, so that tags set
// over RPC stay (Serf wipes them: docs/serf-compatibility.md).
[[nodiscard]] Tags merge_tags(const Tags& current, const Tags& configured_before,
                              const Tags& configured_now);

// Names of the settings that differ and cannot be taken over.
[[nodiscard]] std::vector<std::string_view> waiting_for_restart(const config::AgentConfig& before,
                                                                const config::AgentConfig& now);

}  // namespace gossip::agent
