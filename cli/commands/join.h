// `gossipctl join`: through any of the addresses.
#pragma once

#include "connection.h"
#include "exit_code.h"
#include "options.h"
#include "output.h"

namespace gossip::cli {

ExitCode run(const JoinOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
