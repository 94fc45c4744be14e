// Every command as data, for those who write about them: man pages and completions are made of this.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gossip::cli {

struct FlagDescription {
  std::string name;
  std::string value_name;  // "" for a switch
  std::string help;
};

struct ArgumentDescription {
  enum class Count : std::uint8_t { One, AtMostOne, AtLeastOne };
  std::string name;
  std::string help;
  Count count = Count::One;
};

struct CommandDescription {
  std::string_view name;
  std::string_view purpose;
  std::string_view notes;
  std::vector<FlagDescription> flags;
  std::vector<ArgumentDescription> arguments;
};

// Those that the help lists, by name.
[[nodiscard]] std::vector<CommandDescription> describe_commands();

}  // namespace gossip::cli
