// Values that several commands take: a format, a tag, a time, a number, and how to reach the agent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gossip/error.h"

#include "cli/flag_set.h"
#include "cli/options.h"

namespace gossip::cli {

// An InvalidArgument with that message.
[[nodiscard]] tl::unexpected<Error> usage(std::string message);

void add_format(FlagSet& set);
[[nodiscard]] Expected<Format> read_format(const FlagSet& set);

// "KEY=VALUE"; the value may hold more equals signs. `wanted` is what the error asks for.
[[nodiscard]] Expected<std::pair<std::string, std::string>> read_tag(const std::string& text,
                                                                     std::string_view wanted);

// A duration that is not negative; nothing if the flag was not given.
[[nodiscard]] Expected<std::optional<std::chrono::nanoseconds>> read_duration(
    const FlagSet& set, const std::string& name);

// A number from 0 to `most`.
[[nodiscard]] Expected<std::optional<std::uint32_t>> read_number(const FlagSet& set,
                                                                 const std::string& name,
                                                                 std::uint32_t most);

// --rpc-addr, --rpc-auth, --rpc-auth-file, and --timeout unless the command has one of its own.
enum class TimeLimit : std::uint8_t { Flag, OfTheCommand };
void add_agent_flags(FlagSet& set, TimeLimit limit);
[[nodiscard]] Expected<AgentOptions> read_agent(const FlagSet& set, TimeLimit limit);

}  // namespace gossip::cli
