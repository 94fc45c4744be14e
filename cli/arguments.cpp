#include "cli/arguments.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "base/nearest.h"

namespace gossip::cli {
namespace {

using base::FlagKind;
using base::FlagName;

struct FlagWord {
  std::string_view name;
  std::optional<std::string_view> value;  // what stood behind '='
};

// Nothing for a word that is no flag: "x", "-", "", "-5".
std::optional<FlagWord> read_flag(std::string_view word) {
  if (word.size() < 2 || word[0] != '-' || (word[1] >= '0' && word[1] <= '9')) {
    return std::nullopt;
  }
  word.remove_prefix(word[1] == '-' ? 2 : 1);
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) {
    return FlagWord{word, std::nullopt};
  }
  return FlagWord{word.substr(0, equals), word.substr(equals + 1)};
}

const FlagName* find_flag(std::span<const FlagName> flags, std::string_view name) {
  const auto found = std::find_if(flags.begin(), flags.end(),
                                  [name](const FlagName& flag) { return flag.name == name; });
  return found == flags.end() ? nullptr : &*found;
}

bool is_help(std::string_view name) {
  return name == "h" || name == "help";
}

tl::unexpected<Error> unknown_flag(std::string_view name, std::span<const FlagName> flags) {
  std::vector<std::string_view> names;
  for (const FlagName& flag : flags) {
    names.push_back(flag.name);
  }
  const std::string_view meant = base::nearest(name, names);
  return fail(ErrorCode::InvalidArgument,
              "unknown flag --" + std::string(name) +
                  (meant.empty() ? "" : ", did you mean --" + std::string(meant) + "?"));
}

tl::unexpected<Error> missing_value(std::string_view name) {
  return fail(ErrorCode::InvalidArgument, "flag --" + std::string(name) + " needs a value");
}

// After normalise_flags, which has brought Go's other spellings to these two.
Expected<bool> read_switch(const FlagWord& word) {
  const std::string_view value = word.value.value_or("true");
  if (value != "true" && value != "false") {
    return fail(
        ErrorCode::InvalidArgument,
        "flag --" + std::string(word.name) + " is true or false, not '" + std::string(value) + "'");
  }
  return value == "true";
}

}  // namespace

Expected<CommandWords> find_command(std::span<const std::string> words,
                                    std::span<const FlagName> flags) {
  CommandWords found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::optional<FlagWord> word = read_flag(words[i]);
    if (!word) {
      found.command = words[i];
      found.arguments.insert(found.arguments.end(),
                             words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      return found;
    }
    found.arguments.push_back(words[i]);
    if (is_help(word->name)) {
      continue;
    }
    const FlagName* const flag = find_flag(flags, word->name);
    if (flag == nullptr) {
      return unknown_flag(word->name, flags);
    }
    if (flag->kind == FlagKind::Value && !word->value) {
      if (i + 1 == words.size()) {
        return missing_value(word->name);
      }
      found.arguments.push_back(words[++i]);
    }
  }
  return found;
}

Expected<Arguments> sort_arguments(std::span<const std::string> words,
                                   std::span<const FlagName> flags) {
  const std::vector<std::string> normal = base::normalise_flags(words, flags);
  Arguments sorted;
  std::map<std::string_view, bool> switches;
  for (std::size_t i = 0; i < normal.size(); ++i) {
    if (normal[i] == "--") {
      sorted.positionals.insert(sorted.positionals.end(),
                                normal.begin() + static_cast<std::ptrdiff_t>(i) + 1, normal.end());
      break;
    }
    const std::optional<FlagWord> word = read_flag(normal[i]);
    if (!word) {
      sorted.positionals.push_back(normal[i]);
      continue;
    }
    const FlagName* const flag = find_flag(flags, word->name);
    if (flag == nullptr && !is_help(word->name)) {
      return unknown_flag(word->name, flags);
    }
    if (flag == nullptr) {
      sorted.help = true;
    } else if (flag->kind == FlagKind::Switch) {
      const Expected<bool> on = read_switch(*word);
      if (!on) {
        return tl::unexpected(on.error());
      }
      switches[flag->name] = *on;
    } else if (i + 1 < normal.size()) {
      sorted.flags.insert(sorted.flags.end(), {normal[i], normal[i + 1]});
      ++i;
    } else {
      return missing_value(flag->name);
    }
  }
  for (const auto& [name, on] : switches) {
    if (on) {
      sorted.flags.push_back("--" + std::string(name));
    } else {
      sorted.off.emplace_back(name);
    }
  }
  return sorted;
}

}  // namespace gossip::cli
