// What an agent prints when it is up: who and where it is, in Serf's words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/agent_config.h"
#include "config/flags.h"
#include "runtime/host.h"

namespace gossip::agent {

// Without line ends. `rpc_addresses` are those that are listened on. With Serf's habits also the lines around it
// for which its tools wait.
[[nodiscard]] std::vector<std::string> banner(std::string_view name,
                                              const runtime::BoundAddress& address,
                                              const std::vector<std::string>& rpc_addresses,
                                              const config::AgentConfig& config,
                                              config::Habits habits);

}  // namespace gossip::agent
