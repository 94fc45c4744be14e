// What was asked, as plain data: one struct per command. The flags themselves are command_flags.h's.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "gossip/member.h"

#include "base/go_flags.h"

namespace gossip::cli {

enum class Format : std::uint8_t { Text, Json };

// How to reach the agent; whatever is absent comes from the environment or is a default (rpc_address.h).
struct AgentOptions {
  std::optional<std::string> rpc_addr;
  std::optional<std::string> rpc_auth;
  std::optional<std::string> rpc_auth_file;
  std::optional<std::chrono::nanoseconds> timeout;  // 0: no limit
};

struct JoinOptions {
  std::vector<std::string> addresses;
  bool replay = false;
};

struct LeaveOptions {};

struct ForceLeaveOptions {
  std::string name;
  bool prune = false;
  bool force = false;  // although the member is alive
};

// The patterns are the user's, not wrapped yet.
struct MembersOptions {
  Format format = Format::Text;
  bool detailed = false;
  std::string name;
  std::string status;
  Tags tags;
};

// Nothing to set and nothing to delete: show them.
struct TagsOptions {
  Format format = Format::Text;
  Tags set;
  std::vector<std::string> remove;
};

struct InfoOptions {
  Format format = Format::Text;
};

// Absent: that kind of record is not wanted. Not both are.
struct MonitorOptions {
  Format format = Format::Text;
  std::optional<std::string> events;  // filters, separated by commas
  std::optional<std::string> log_level;
};

struct KeygenOptions {};

struct VersionOptions {
  Format format = Format::Text;
};

using CommandOptions =
    std::variant<JoinOptions, LeaveOptions, ForceLeaveOptions, MembersOptions, TagsOptions,
                 InfoOptions, MonitorOptions, KeygenOptions, VersionOptions>;

struct Invocation {
  std::string command;  // "force-leave", for messages
  AgentOptions agent;
  CommandOptions options;
};

// Help was asked for; print it and do nothing.
struct Help {
  std::string text;
};

struct UsageError {
  std::string message;  // one line
  std::string see;      // the command line that shows the help for it
};

using ParseResult = std::variant<Invocation, Help, UsageError>;

// `words` is argv without the program's name.
[[nodiscard]] ParseResult parse_command_line(std::span<const std::string> words);

// Those of all commands, some of them more than once. For finding the command behind its flags.
[[nodiscard]] std::vector<base::FlagName> all_flags();

}  // namespace gossip::cli
