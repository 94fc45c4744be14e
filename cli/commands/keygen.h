// `gossipctl keygen`: a new encryption key.
#pragma once

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

ExitCode run(const KeygenOptions& options, Output& out);

}  // namespace gossip::cli
