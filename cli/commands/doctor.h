// `gossipctl doctor`: what is wrong with the cluster as this agent sees it, and what to do about it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/findings.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

// A line for each finding, or one that says that there is none.
[[nodiscard]] std::string format_findings(std::span<const Finding> findings, const Facts& facts,
                                          Format format);

// In lists that each fit into a query beside what else is in it; only as many as are sensibly asked at one time.
[[nodiscard]] std::vector<std::vector<std::string>> names_for_queries(
    const std::vector<std::string>& names);

// Failed if something was found.
ExitCode run(const DoctorOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
