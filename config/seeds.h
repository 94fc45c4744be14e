// Where members are to be found: seeds understood, and the mDNS cluster, which a seed may name.
#pragma once

#include "config/agent_config.h"
#include "config/mistakes.h"
#include "config/settings.h"

namespace gossip::config {

// Fills `seeds` and `discovery`. Mistakes: InvalidArgument that begins with the seed's origin.
void take_seeds(const Settings& settings, AgentConfig& config, Mistakes& mistakes);

}  // namespace gossip::config
