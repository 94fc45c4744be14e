// `gossipctl tags`: lists, sets or removes the tags of the agent's own member.
#pragma once

#include "connection.h"
#include "exit_code.h"
#include "options.h"
#include "output.h"

namespace gossip::cli {

[[nodiscard]] std::string format_own_tags(const Tags& tags, Format format);

ExitCode run(const TagsOptions& options, Connection& agent, Output& out);

}  // namespace gossip::cli
