// Where members are to be found: seeds understood, and the mDNS cluster, which a seed may name.
#pragma once

#include "gossip/error.h"

#include "config/agent_config.h"
#include "config/settings.h"

namespace gossip::config {

// Fills `seeds` and `discovery`. Errors: InvalidArgument that begins with the setting's origin.
[[nodiscard]] Expected<void> take_seeds(const Settings& settings, AgentConfig& config);

}  // namespace gossip::config
