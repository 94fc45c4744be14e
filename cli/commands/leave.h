// `gossipctl leave`: the agent says goodbye to its cluster and ends.
#pragma once

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

ExitCode run(const LeaveOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
