// `gossipctl event`: sends a user event to the whole cluster.
#pragma once

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

ExitCode run(const EventOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
