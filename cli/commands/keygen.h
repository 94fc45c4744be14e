// `gossipctl keygen`: a new encryption key.
#pragma once

#include "exit_code.h"
#include "options.h"
#include "output.h"

namespace gossip::cli {

ExitCode run(const KeygenOptions& options, Output& out);

}  // namespace gossip::cli
