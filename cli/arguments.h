// Sorts the words of a command line before CLI11 sees them. Flags may stand anywhere, before the command too,
// in Go's style or in GNU's (base/go_flags.h), and `--` ends them. What a flag means is options.h's business.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "gossip/error.h"

#include "base/go_flags.h"

namespace gossip::cli {

struct CommandWords {
  std::string command;  // empty: there is none
  std::vector<std::string>
      arguments;  // of the command, with the flags that stood before it, a `--` too
};

// Finds the command: the first word that is neither a flag nor the value of one of `flags`, which are those
// of all commands. InvalidArgument: another flag stands before it, or one without its value.
[[nodiscard]] Expected<CommandWords> find_command(std::span<const std::string> words,
                                                  std::span<const base::FlagName> flags);

struct Arguments {
  std::vector<std::string>
      flags;  // "--name", value, "--name", value, "--switch" …: switches that are on
  std::vector<std::string> off;  // switches that were given as "=false"
  std::vector<std::string> positionals;
  bool help = false;  // -h, -help or --help stood before any `--`
};

// Sorts the words of one command. A switch given twice counts as the last one says. InvalidArgument:
// an unknown flag, one without its value, or a switch that is neither true nor false.
[[nodiscard]] Expected<Arguments> sort_arguments(std::span<const std::string> words,
                                                 std::span<const base::FlagName> flags);

}  // namespace gossip::cli
