// `gossipctl agent`: becomes gossipd, the one beside this program if there is one. For scripts and units that
// say `serf agent`.
#pragma once

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/program_name.h"

namespace gossip::cli {

// Comes back only if there is no gossipd to be found.
ExitCode run(const DaemonOptions& options, ProgramName name, Output& out);

}  // namespace gossip::cli
