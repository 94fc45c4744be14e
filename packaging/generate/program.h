// A program as the shells and the manual see it: commands, flags, what a value may be. Made of the tables that the
// programs themselves read (config/options.h, cli/reference.h), so that nothing here can be out of date.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gossip::generate {

// What stands behind a flag, or in the place of an argument.
struct Values {
  enum class Kind : std::uint8_t {
    None,   // of a switch
    Any,    // nobody knows
    Words,  // one of `words`
    List,   // some of `words`, between commas
    Files,
    Folders,
    Interfaces,  // of this host
    Members,     // names in the live cluster
    Gone,        // those of them that have failed or left
    Tags,        // "KEY=…", keys in the live cluster
    OwnTags,     // "KEY=…", of the agent
    OwnTagKeys,  // the same without the rest
    Payload,     // text or @FILE
  };
  Kind kind = Kind::None;
  std::vector<std::string> words;
};

struct Flag {
  std::string name;
  std::string value_name;  // "" for a switch
  std::string help;
  Values values;
};

struct Argument {
  std::string name;
  std::string help;
  bool required = true;
  bool repeats = false;
  Values values;
};

struct Command {
  std::string name;
  std::string purpose;
  std::string notes;
  std::vector<Flag> flags;
  std::vector<Argument> arguments;
};

// Either flags or commands.
struct Program {
  std::string name;
  std::string purpose;
  std::vector<Flag> flags;
  std::vector<Command> commands;
};

[[nodiscard]] Program gossipd();
[[nodiscard]] Program gossipctl();

}  // namespace gossip::generate
