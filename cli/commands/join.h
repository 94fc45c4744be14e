// `gossipctl join`: through any of the addresses.
#pragma once

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

ExitCode run(const JoinOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
