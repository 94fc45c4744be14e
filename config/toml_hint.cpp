#include "config/toml_hint.h"

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

#include "base/ascii.h"
#include "config/options.h"

namespace gossip::config {
namespace {

using base::trimmed;

// In the middle of which the parser can be when a text without quotes begins like something else.
bool is_about_a_value(std::string_view description) {
  constexpr auto kKinds =
      std::to_array<std::string_view>({"parsing value", "parsing floating-point", "integer",
                                       "parsing boolean", "parsing date", "parsing time"});
  return std::any_of(kKinds.begin(), kKinds.end(), [description](std::string_view kind) {
    return description.find(kind) != std::string_view::npos;
  });
}

std::string_view line_of(std::string_view file, std::size_t number) {
  for (; number > 1; --number)
    file.remove_prefix(std::min(file.find('\n'), file.size() - 1) + 1);
  return file.substr(0, file.find_first_of("\r\n"));
}

std::size_t byte_of(std::string_view line, std::size_t column) {
  const auto begins_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  };
  std::size_t at = 0;
  for (std::size_t seen = 0; at < line.size(); ++at) {
    if (begins_character(line[at]) && ++seen == column) break;
  }
  return at;
}

struct Bare {
  std::string_view key;  // "" if it does not stand in this line
  bool is_element = false;
  std::string_view text;
};

bool is_secret(std::string_view key) {
  const Option* const option = find_key(key);
  return option != nullptr && option->shown == Shown::Masked;
}

// The value around `at` that begins with no quote; nothing if there is none. Behind the key of a secret all is its value,
// also what looks like another key.
std::optional<Bare> bare_value_at(std::string_view line, std::size_t at) {
  Bare bare;
  std::size_t begin = 0;
  char quote = '\0';
  for (std::size_t i = 0; i < at && !is_secret(bare.key); ++i) {
    const char c = line[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#') {
      return std::nullopt;
    } else if (c == '=' || c == '[' || c == '{' || c == ',') {
      if (c == '=') bare.key = trimmed(line.substr(begin, i - begin));
      if (c != ',') bare.is_element = c == '[';
      begin = i + 1;
    }
  }
  const std::string_view rest = line.substr(begin);
  bare.text = trimmed(rest.substr(0, rest.find_first_of(",]}#")));
  if (bare.text.empty() || bare.text.front() == '"' || bare.text.front() == '\'')
    return std::nullopt;
  return bare;
}

bool may_be_shown(const Option* option, std::string_view text) {
  return option != nullptr && option->shown == Shown::Plain &&
         text.find_first_of("\"\\") == std::string_view::npos;
}

}  // namespace

std::string hint_about(std::string_view file, std::size_t line, std::size_t column,
                       std::string_view description) {
  if (!is_about_a_value(description)) return {};
  const std::string_view text = line_of(file, line);
  const std::optional<Bare> bare = bare_value_at(text, byte_of(text, column));
  if (!bare) return {};
  const Option* const option = find_key(bare->key);
  if (option != nullptr && is_switch(*option)) return " (write true or false)";
  if (option != nullptr && is_number(*option)) return " (write a whole number)";
  const std::string value = may_be_shown(option, bare->text) ? std::string(bare->text) : "…";
  const std::string key =
      bare->is_element || bare->key.empty() ? "" : std::string(bare->key) + " = ";
  return " (a text needs quotes: " + key + '"' + value + "\")";
}

}  // namespace gossip::config
