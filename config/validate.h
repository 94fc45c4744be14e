// Settings as they were written → a configuration that can work, or what cannot and where it was said.
#pragma once

#include <string_view>

#include "config/agent_config.h"
#include "config/environment.h"
#include "config/mistakes.h"
#include "config/settings.h"

namespace gossip::config {

// How bind and advertise are written, for who wrote something else.
inline constexpr std::string_view kGossipForms =
    "192.0.2.1, 192.0.2.1:7946, [2001:db8::1]:7946, or a name that has an address";

// Reads the key and token files too; nothing else is touched. Of `environment` it takes keys: see secrets.h.
// Mistakes begin with the flag, or with file, place and key; with any the configuration is of no use.
[[nodiscard]] AgentConfig validate(const Settings& settings, Environment& environment,
                                   Mistakes& mistakes);

}  // namespace gossip::config
