#include "base/go_flags.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.h"

namespace gossip::base {
namespace {

const FlagName* find(std::span<const FlagName> known, std::string_view name) {
  const auto at =
      std::find_if(known.begin(), known.end(), [&](const FlagName& f) { return f.name == name; });
  return at == known.end() ? nullptr : &*at;
}

// Every letter a switch of its own: "-qv".
bool is_bundle(std::span<const FlagName> known, std::string_view letters) {
  return std::all_of(letters.begin(), letters.end(), [&](const char& letter) {
    const FlagName* flag = find(known, std::string_view(&letter, 1));
    return flag != nullptr && flag->kind == FlagKind::Switch;
  });
}

// What Go's strconv.ParseBool takes; anything else is left for the parser to complain about.
std::string_view truth(std::string_view text) {
  constexpr std::array<std::string_view, 6> kTrue{"1", "t", "T", "TRUE", "true", "True"};
  constexpr std::array<std::string_view, 6> kFalse{"0", "f", "F", "FALSE", "false", "False"};
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return "true";
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return "false";
  return text;
}

std::string with_dashes(std::string_view name) {
  return (name.size() == 1 ? "-" : "--") + std::string(name);
}

// A known flag in its own spelling; its value, if it takes one, may stand in `args[next]`, which is then used.
void append_flag(std::span<const std::string> args, std::size_t& next, const FlagName& flag,
                 std::string_view name, std::optional<std::string_view> value,
                 std::vector<std::string>& out) {
  if (flag.kind == FlagKind::Value) {
    out.push_back(with_dashes(name));
    if (value) {
      out.emplace_back(*value);
    } else if (next < args.size()) {
      out.push_back(args[next++]);
    }
  } else {
    out.push_back(value ? with_dashes(name) + "=" + std::string(truth(*value)) : with_dashes(name));
  }
}

}  // namespace

std::vector<std::string> normalise_flags(std::span<const std::string> args,
                                         std::span<const FlagName> known) {
  std::vector<std::string> out;
  out.reserve(args.size() + 8);
  for (std::size_t next = 0; next < args.size();) {
    const std::string_view arg = args[next++];
    if (arg == "--") {
      out.emplace_back(arg);
      out.insert(out.end(), args.begin() + static_cast<std::ptrdiff_t>(next), args.end());
      break;
    }
    if (arg.size() < 2 || arg.front() != '-' || is_digit(arg[1])) {
      out.emplace_back(arg);
      continue;
    }
    const std::size_t dashes = arg[1] == '-' ? 2 : 1;
    const std::size_t equals = std::min(arg.find('='), arg.size());
    const std::string_view name = arg.substr(dashes, equals - dashes);
    if (const FlagName* flag = find(known, name)) {
      const auto value =
          equals < arg.size() ? std::make_optional(arg.substr(equals + 1)) : std::nullopt;
      append_flag(args, next, *flag, name, value, out);
    } else {
      const bool lone = dashes == 2 || name.size() < 2 || is_bundle(known, name);
      out.push_back((lone ? "" : "-") + std::string(arg));
    }
  }
  return out;
}

}  // namespace gossip::base
