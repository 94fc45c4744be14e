// `gossipctl stats`: the agent's figures, for people, for programs, or as Prometheus scrapes them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"
#include "metrics/family.h"

namespace gossip::cli {

// Nothing that an agent says reaches the terminal unescaped. `width`: of the table, as in table.h.
[[nodiscard]] std::string format_stats(std::span<const metrics::Family> families,
                                       StatsFormat format,
                                       std::optional<std::size_t> width = std::nullopt);

ExitCode run(const StatsOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
