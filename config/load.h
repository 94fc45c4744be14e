// Command line, files and environment to a configuration: at start, and again at every reload.
#pragma once

#include <span>
#include <string>

#include "gossip/error.h"

#include "config/agent_config.h"
#include "config/flags.h"

namespace gossip::config {

// Defaults, then the files in the order of the command line, then the flags; of one setting the last
// source wins, joins and tags add up. `environment_key`: the value of kEncryptKeyVariable, "" if unset.
// Errors are one line and name the flag, or file and line.
[[nodiscard]] Expected<AgentConfig> load(const CommandLine& line,
                                         const std::string& environment_key);

}  // namespace gossip::config
