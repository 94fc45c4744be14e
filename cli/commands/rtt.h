// `gossipctl rtt`: the estimated round trip between two members, or between all of them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/places.h"

namespace gossip::cli {

// Sorted names and the places of those that have one. As text a matrix that fits into `width` columns, else (and
// without a width) a line for each pair, the shortest round trip first, cut as in table.h; names that have no place
// are left out of both.
[[nodiscard]] std::string format_all_rtts(const std::vector<std::string>& names,
                                          const Places& places, std::optional<std::size_t> width);
[[nodiscard]] std::string format_all_rtts_json(const std::vector<std::string>& names,
                                               const Places& places);

ExitCode run(const RttOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
