// `gossipctl info`: the agent's stats, section by section, or its seeds.
#pragma once

#include <string>
#include <vector>

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

[[nodiscard]] std::string format_info(const rpc::StatsSections& sections, Format format);
[[nodiscard]] std::string format_seeds(const std::vector<rpc::SeedStatus>& seeds, Format format);

ExitCode run(const InfoOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
