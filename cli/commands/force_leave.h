// `gossipctl force-leave`: a failed member counts as one that left; an alive one is protected.
#pragma once

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/program_name.h"

namespace gossip::cli {

ExitCode run(const ForceLeaveOptions& options, Connection& agent, ProgramName name, Output& out);

}  // namespace gossip::cli
