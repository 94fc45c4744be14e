// Command lines as tests write them, loaded.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "config/load.h"
#include "config/secrets.h"

namespace gossip::config {

using Args = std::vector<std::string>;

inline Expected<AgentConfig> loaded_line(const CommandLine& line, Environment& environment) {
  Mistakes mistakes;
  AgentConfig config = load(line, environment, mistakes);
  if (!mistakes.empty()) return tl::unexpected<Error>(mistakes.joined("; "));
  return config;
}

inline Expected<CommandLine> parsed_line(const Args& args) {
  Mistakes mistakes;
  CommandLine line = parse_command_line(args, mistakes);
  if (!mistakes.empty()) return tl::unexpected<Error>(mistakes.joined("; "));
  return line;
}

inline Expected<AgentConfig> loaded_in(Environment& environment, const Args& args = {}) {
  const Expected<CommandLine> line = parsed_line(args);
  if (!line) return tl::unexpected<Error>(line.error());
  return loaded_line(*line, environment);
}

// All that is wrong with what arguments say, a line each.
inline std::vector<std::string> complaints(const Args& args) {
  Mistakes mistakes;
  const CommandLine line = parse_command_line(args, mistakes);
  if (!mistakes.empty()) return mistakes.lines();
  Environment environment;
  (void)load(line, environment, mistakes);
  return mistakes.lines();
}

inline Expected<AgentConfig> loaded(const Args& args, const std::string& environment_key = "") {
  Environment environment;
  if (!environment_key.empty()) environment.variables[kEncryptKeyVariable] = environment_key;
  return loaded_in(environment, args);
}

// The configuration of arguments that must work.
inline AgentConfig good(const Args& args, const std::string& environment_key = "") {
  const Expected<AgentConfig> config = loaded(args, environment_key);
  REQUIRE_MESSAGE(config.has_value(), (config ? "" : config.error().message));
  return *config;
}

// The one line that arguments must fail with.
inline std::string complaint(const Args& args, const std::string& environment_key = "") {
  const Expected<AgentConfig> config = loaded(args, environment_key);
  REQUIRE_FALSE(config.has_value());
  CHECK(config.error().message.find('\n') == std::string::npos);
  return config.error().message;
}

inline constexpr const char* kKey = "HvY8ubRZMgafUOWvrOadwOckVa1wN3QWAo46FVKbVN8=";  // 32 bytes

}  // namespace gossip::config
