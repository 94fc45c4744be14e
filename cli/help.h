// The words of `--help` beyond the lists of flags.
#pragma once

#include <string>
#include <string_view>

namespace gossip::cli {

// All commands and what holds for each of them.
[[nodiscard]] std::string program_help();

// One line; "" for an unknown command.
[[nodiscard]] std::string_view purpose_of(std::string_view command);

// What follows the list of flags; may be "".
[[nodiscard]] std::string_view notes_for(std::string_view command);

}  // namespace gossip::cli
