// `gossipctl leave`: the agent says goodbye to its cluster and ends.
#pragma once

#include "connection.h"
#include "exit_code.h"
#include "options.h"
#include "output.h"

namespace gossip::cli {

ExitCode run(const LeaveOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
