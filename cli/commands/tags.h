// `gossipctl tags`: lists, sets or removes the tags of the agent's own member.
#pragma once

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/output.h"

namespace gossip::cli {

// What the agent says of itself. Errors: as Connection::call.
[[nodiscard]] Expected<Tags> own_tags(Connection& agent);
[[nodiscard]] std::string format_own_tags(const Tags& tags, Format format);

ExitCode run(const TagsOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
