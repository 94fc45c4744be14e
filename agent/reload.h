// What a changed configuration means for an agent that is running: what it takes over, and what waits for a
// restart.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gossip/effects.h"
#include "gossip/error.h"
#include "gossip/member.h"

#include "config/agent_config.h"
#include "rpc/protocol.h"

namespace gossip::agent {

// The tags to have after a reload: only what changed between the two configurations changes, so that tags set
// over RPC stay (Serf wipes them: docs/serf-compatibility.md).
[[nodiscard]] Tags merge_tags(const Tags& current, const Tags& configured_before,
                              const Tags& configured_now);

// Names of the settings that differ and cannot be taken over.
[[nodiscard]] std::vector<std::string_view> waiting_for_restart(const config::AgentConfig& before,
                                                                const config::AgentConfig& now);

// Names of the settings that differ from those of the last reload and can be taken over, and of those that differ
// from what the agent was started with and cannot.
[[nodiscard]] gossip::rpc::ReloadResponse changes_between(const config::Settings& last,
                                                          const config::AgentConfig& start,
                                                          const config::AgentConfig& now);

// Begins the last line of a refused reload, behind those of its mistakes: the command that finds them again.
inline constexpr std::string_view kCheckWith = "\ncheck with: ";

// Why a reload failed, a line for each mistake, or the first thing that it could not do; "" if all went well.
[[nodiscard]] std::string trouble_in(const Expected<gossip::rpc::ReloadResponse>& report);

// What the log says of a reload.
[[nodiscard]] std::vector<std::pair<LogLevel, std::string>> lines_about(
    const Expected<gossip::rpc::ReloadResponse>& report);

}  // namespace gossip::agent
