// The configuration in force, setting by setting, for people and programs that ask what an agent would run with.
#pragma once

#include <string>

#include "config/agent_config.h"
#include "config/flags.h"

namespace gossip::config {

// Every key that there is with the value that counts in the end, and where that comes from: "default", "profile wan",
// a flag, a variable, "file:line:column". Of settings that add up all places are named.
// Keys and tokens are masked. TOML with the origin as comment, or a JSON object of {"value", "origin"} by key.
[[nodiscard]] std::string print_effective(const AgentConfig& config, PrintFormat format);

}  // namespace gossip::config
