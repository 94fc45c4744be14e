// Arguments in Go's style, as scripts written for `serf` have them, put into the GNU style that our command
// lines parse: one dash or two before a long flag, `-x=v` or `-x v`, and switches set by `-x=false`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gossip::base {

enum class FlagKind : std::uint8_t {
  Value,   // always takes one: "-x v" or "-x=v"
  Switch,  // takes one only after "="
};

struct FlagName {
  std::string_view name;  // without dashes
  FlagKind kind = FlagKind::Value;
};

// `args` without the program's name. A known flag becomes "--name" and its value, if it takes one, the
// argument after it, whatever that looks like (`--tag` `-x`; an empty one too). A switch keeps its "=", with
// Go's truth values (1 t T TRUE …) written "true" and "false". An unknown "-long" becomes "--long", unless
// it is a bundle of known one-letter switches. What follows "--" stays as it is.
[[nodiscard]] std::vector<std::string> normalise_flags(std::span<const std::string> args,
                                                       std::span<const FlagName> known);

}  // namespace gossip::base
