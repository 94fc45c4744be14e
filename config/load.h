// Command line, files and environment to a configuration: at start, and again at every reload.
#pragma once

#include <span>
#include <string>

#include "config/agent_config.h"
#include "config/environment.h"
#include "config/flags.h"
#include "config/mistakes.h"

namespace gossip::config {

// Defaults, then the files of the environment and those of the command line in their order (or the default ones,
// where nobody names any and they are there), then the other variables of the environment, then the flags; of one
// setting the last source wins, joins and tags add up. `environment` keeps what can be read only once.
// Mistakes are one line each and name the flag, the variable, or file, line and column, by which they are sorted; with
// any the configuration is of no use but to look for more.
[[nodiscard]] AgentConfig load(const CommandLine& line, Environment& environment,
                               Mistakes& mistakes);

// What to type, wherever one is, to have the same files checked: "gossipd --check-config --config-file /a.toml". It
// finds the mistakes of the files; those of other flags and variables come only where the same ones are given.
[[nodiscard]] std::string check_command(const CommandLine& line, const Environment& environment);

}  // namespace gossip::config
