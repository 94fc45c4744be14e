// The last step of configuring: what only the agent understands (handlers), and what is found on this host (the
// tags file and the network interface).
#pragma once

#include "gossip/error.h"

#include "config/agent_config.h"

namespace gossip::agent {

// Checks the handlers, takes the tags from their file, checks their size, and puts the interface's address into the bind address.
// Changes nothing outside `config`. Errors name the flag, or the file and place.
[[nodiscard]] Expected<void> prepare(config::AgentConfig& config);

}  // namespace gossip::agent
