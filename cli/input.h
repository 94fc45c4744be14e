// What a command reads besides its words: a payload or a key may stand in a file or come on standard input,
// where the process list does not show it and no byte is forbidden.
#pragma once

#include <cstddef>
#include <string>

#include "gossip/error.h"

#include "cli/options.h"

namespace gossip::cli {

// More than any agent can be set to take; it refuses what is over its own limit, and names that.
inline constexpr std::size_t kMaxPayloadBytes = std::size_t{512} * 1024;

// "-" is standard input up to its end, "@PATH" a file, anything else itself. InvalidArgument: more than
// `most` bytes; System: it cannot be read.
[[nodiscard]] Expected<std::string> read_word(const std::string& word, std::size_t most);

// Replaces the words among the options by what they stand for.
Expected<void> read_inputs(CommandOptions& options);

}  // namespace gossip::cli
