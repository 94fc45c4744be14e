// `gossipctl version`: of this program, and the Serf protocol versions it belongs to.
#pragma once

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

ExitCode run(const VersionOptions& options, Output& out);

}  // namespace gossip::cli
