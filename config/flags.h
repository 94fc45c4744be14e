// The daemon's command line: which flags there are, what they say, and their help. Everything of CLI11 in the
// daemon is in one source.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/mistakes.h"
#include "config/options.h"

namespace gossip::config {

enum class Request : std::uint8_t { Run, CheckConfig, PrintConfig, Help, Version };

enum class PrintFormat : std::uint8_t { Toml, Json };

struct ConfigSource {
  enum class Kind : std::uint8_t { File, Folder };
  enum class Presence : std::uint8_t { Required, Optional };
  Kind kind = Kind::File;
  std::string path;
  Presence presence = Presence::Required;
};

// As the only file: none, not even the default ones.
inline constexpr std::string_view kNoFile = "none";

// Started as `serf agent`, the agent's output goes where Serf's goes.
enum class Habits : std::uint8_t { Own, Serf };

// Whether every argument was one of ours; else one of the others may have been meant to name a file.
enum class Understood : std::uint8_t { All, NotAll };

struct CommandLine {
  struct Flag {
    const Option* option = nullptr;
    std::string text;  // "true" or "false" for switches
  };
  Request request = Request::Run;
  PrintFormat format = PrintFormat::Toml;  // of PrintConfig
  Habits habits = Habits::Own;
  Understood understood = Understood::All;
  std::vector<ConfigSource> sources;  // in the order given
  std::vector<Flag> flags;            // those of one option in the order given
};

// `args` without the program's name, in Go's style or GNU's. A leading "agent" is skipped, so that
// "serf agent …" works with the name changed. Mistakes: InvalidArgument; with any the command line is of no use but to
// look for more.
[[nodiscard]] CommandLine parse_command_line(std::span<const std::string> args, Mistakes& mistakes);

// By the name that the program was started under: "serf", whatever its folder, or another.
[[nodiscard]] Habits habits_of(std::string_view program);

// Flags that are no setting of the agent: files, requests.
struct OwnFlag {
  std::string_view name;
  std::string_view value_name;
  std::string_view help;
};
[[nodiscard]] std::span<const OwnFlag> own_flags();

// Every flag that has a help text, by group.
[[nodiscard]] std::string help_text();

}  // namespace gossip::config
