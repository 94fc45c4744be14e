// `gossipctl agent`: becomes gossipd, the one beside this program if there is one. For scripts and units that
// say `serf agent`.
#pragma once

#include <cstdint>

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

// By which name this program runs; as `serf` its agent logs where Serf's does.
enum class ProgramName : std::uint8_t { Gossipctl, Serf };

// Comes back only if there is no gossipd to be found.
ExitCode run(const DaemonOptions& options, ProgramName name, Output& out);

}  // namespace gossip::cli
