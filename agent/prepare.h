// The last step of configuring: what only the agent understands (handlers), and what is found on this host (the
// tags file, the network interface and the addresses of names).
#pragma once

#include <cstdint>

#include "config/agent_config.h"
#include "config/mistakes.h"

namespace gossip::agent {

// Whether a name server that does not answer is a mistake, as it ends a start, or a warning: a check may be made where
// the network is not.
enum class NameServer : std::uint8_t { MustAnswer, MayBeAway };

// Checks the handlers, the accounts of RPC and the place of the snapshot, takes the addresses of metrics and RPC, where a
// path may begin in the current folder, and the tags from their file, checks their size, puts the interface's address
// into the bind address, and looks up the names among the addresses to listen on and to advertise. Changes nothing
// outside `config`. Mistakes name the flag, or file and place, and are sorted by it; those that `mistakes` has already
// hide none but what follows from them.
void prepare(config::AgentConfig& config, NameServer name_server, config::Mistakes& mistakes);

// The two halves of it: what this host knows at once, and what a server may be asked, which may take its time: names of
// hosts, users and groups.
void prepare_here(config::AgentConfig& config, config::Mistakes& mistakes);
void look_up_names(config::AgentConfig& config, NameServer name_server, config::Mistakes& mistakes);
// Whether the second half has anything to ask.
[[nodiscard]] bool has_names(const config::AgentConfig& config);

}  // namespace gossip::agent
