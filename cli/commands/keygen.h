// `gossipctl keygen`: a new encryption key.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

// 32 bytes of the system's, in base64.
Expected<std::string> generate_key();

ExitCode run(const KeygenOptions& options, Output& out);

}  // namespace gossip::cli
