// Serf's names of log levels, as monitors and flags write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gossip/effects.h"

namespace gossip::agent::rpc {

// trace, debug, info, warn, err, in any case.
[[nodiscard]] std::optional<LogLevel> level_from(std::string_view name);
// As it stands in brackets in a log line: "TRACE" … "ERR".
[[nodiscard]] std::string_view bracket_name(LogLevel level);
// ASCII only.
[[nodiscard]] std::string upper_case(std::string_view text);

}  // namespace gossip::agent::rpc
