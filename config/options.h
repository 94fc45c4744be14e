// The one table of what can be configured: key in files, flag, help, and where the value goes. Flags, TOML and
// Serf's JSON all read it; an option that is not here does not exist.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gossip/error.h"

#include "config/settings.h"

namespace gossip::config {

// A value as a file or a flag has it.
using Strings = std::vector<std::string>;
struct Other {
  std::string description;  // "the number 1.5"
  std::string origin = {};  // of what is wrong inside a list or table; "": that of the whole
};
using Value = std::variant<std::string, bool, std::int64_t, Strings, Tags, Other>;

// Where a value goes, and by that what it must be.
using Text = std::string Settings::*;
using Switch = bool Settings::*;
struct InverseSwitch {
  bool Settings::*member;
};
using Number = std::int64_t Settings::*;
using Period = Duration Settings::*;  // "30s"
using TagMap = Tags Settings::*;      // each source adds to it, a later one wins by key
// Of the protocol's timing: where nobody says anything the profile does (profile.h). Refused outside its limits.
struct ProtocolPeriod {
  Duration Timing::*member;
  Duration least;
  Duration most = kLongestPeriod;
};
struct ProtocolCount {
  std::uint32_t Timing::*member;
  std::uint32_t least;
  std::uint32_t most;
};
// Each source adds to the list, or replaces what earlier ones said.
enum class Lists : std::uint8_t { Add, Replace };
struct List {
  Strings Settings::*member;
  Lists how;
};
// One of Serf's options that this version does not do.
struct Unsupported {
  bool is_switch;
  std::string_view why;
};
using Target = std::variant<Text, Switch, InverseSwitch, Number, Period, TagMap, ProtocolPeriod,
                            ProtocolCount, List, Unsupported>;

enum class Group : std::uint8_t {
  Node,
  Joining,
  Encryption,
  Rpc,
  Events,
  Running,
  Tuning,
  Swim,
  None
};

// Whether the value itself may be printed.
enum class Shown : std::uint8_t { Plain, Masked };

struct Option {
  std::string_view key;         // "" for flags alone; "mdns.interface" in the table "mdns"
  std::string_view flag;        // "" for files alone
  std::string_view value_name;  // in the help; "" for switches
  Group group;
  std::string_view help;  // "" leaves it out of the help
  Target target;
  Shown shown = Shown::Plain;
};

[[nodiscard]] std::span<const Option> options();
[[nodiscard]] const Option* find_key(std::string_view key);
[[nodiscard]] const Option* find_flag(std::string_view flag);  // without dashes
// Whether `key` is a table of options, whose keys are written "key.name".
[[nodiscard]] bool is_section(std::string_view key);
[[nodiscard]] bool is_switch(const Option& option);
[[nodiscard]] bool is_number(const Option& option);

// What the errors and `Settings::origins` call it: its key, or its flag.
[[nodiscard]] std::string_view name_of(const Option& option);

// The names of the options whose values differ, in the order of the table.
[[nodiscard]] std::vector<std::string_view> changed(const Settings& before, const Settings& after);

// Puts `value`, found at `origin` (a flag, a variable, or "file:line:column"), into `settings`. Of a list
// `element_origins` may tell where each element stands; else they stand where the list does.
// Errors: InvalidArgument beginning with the origin; nothing changed.
Expected<void> apply(Settings& settings, const Option& option, const Value& value,
                     const std::string& origin, std::span<const std::string> element_origins = {});

// `text` of a flag or variable, as the kind of value that the option takes; what does not fit stays text.
// A list takes the one text as an element, a tag map "k=v". Errors: InvalidArgument, beginning with `origin`.
[[nodiscard]] Expected<Value> value_from_text(const Option& option, const std::string& text,
                                              const std::string& origin);

}  // namespace gossip::config
