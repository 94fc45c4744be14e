// `gossipctl wait`: comes back when as many members as wanted match.
#pragma once

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

ExitCode run(const WaitOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
