// `gossipctl info`: the agent's stats, section by section.
#pragma once

#include "connection.h"
#include "exit_code.h"
#include "options.h"
#include "output.h"

namespace gossip::cli {

[[nodiscard]] std::string format_info(const rpc::StatsSections& sections, Format format);

ExitCode run(const InfoOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
