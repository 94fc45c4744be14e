// `gossipctl version`: of this program, and the Serf protocol versions it belongs to.
#pragma once

#include "exit_code.h"
#include "options.h"
#include "output.h"

namespace gossip::cli {

ExitCode run(const VersionOptions& options, Output& out);

}  // namespace gossip::cli
