// `gossipctl reload`: the agent reads its configuration again and says what became of it.
#pragma once

#include <string>

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"
#include "rpc/protocol.h"

namespace gossip::cli {

[[nodiscard]] std::string format_reload(const rpc::ReloadResponse& report, Format format);

ExitCode run(const ReloadOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
