// `gossipctl force-leave`: a failed member counts as one that left; an alive one is protected.
#pragma once

#include "connection.h"
#include "exit_code.h"
#include "options.h"
#include "output.h"

namespace gossip::cli {

ExitCode run(const ForceLeaveOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
