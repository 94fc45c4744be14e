// The last step of configuring: what only the agent understands (handlers), and what is found on this host (the
// tags file and the network interface).
#pragma once

#include "config/agent_config.h"
#include "config/mistakes.h"

namespace gossip::agent {

// Checks the handlers, addresses of metrics and RPC and accounts of RPC; where there is no mistake yet it takes the tags from
// their file, checks their size, and puts the interface's address into the bind address. Changes nothing outside
// `config`. Mistakes name the flag, or file and place, and are sorted by it.
void prepare(config::AgentConfig& config, config::Mistakes& mistakes);

}  // namespace gossip::agent
