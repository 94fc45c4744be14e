// `gossipctl complete WHAT`, which the shells' completions call: names of the live cluster, one a line.
#pragma once

#include <string>
#include <vector>

#include "gossip/member.h"

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

// Those of the members, or of all their tags: sorted, each once. What holds control characters is left out: a
// line is one name, and a shell would run what it is given.
[[nodiscard]] std::vector<std::string> candidates(const std::vector<Member>& members,
                                                  CompleteOptions::What what);

ExitCode run(const CompleteOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
