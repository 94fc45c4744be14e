#include "agent/rpc/log_level.h"

#include <array>

namespace gossip::agent::rpc {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 5> kNames{"TRACE", "DEBUG", "INFO", "WARN", "ERR"};

}  // namespace

std::optional<LogLevel> level_from(std::string_view name) {
  const std::string upper = upper_case(name);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == upper) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

std::string_view bracket_name(LogLevel level) {
  return kNames[static_cast<std::size_t>(level)];
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& letter : upper) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return upper;
}

}  // namespace gossip::agent::rpc
