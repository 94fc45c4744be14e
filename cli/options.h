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

// How to reach the agent; whatever is absent comes from the environment or is a default (agent_address.h).
struct AgentOptions {
  std::optional<std::string> rpc_addr;
  std::optional<std::string> rpc_auth;
  std::optional<std::string> rpc_auth_file;
  std::optional<std::chrono::nanoseconds> timeout;  // 0: no limit
};

struct JoinOptions {
  Format format = Format::Text;
  std::vector<std::string> addresses;
  bool replay = false;
};

struct LeaveOptions {
  Format format = Format::Text;
};

struct ForceLeaveOptions {
  Format format = Format::Text;
  std::string name;
  bool prune = false;
  bool force = false;  // although the member is alive
};

// The patterns are the user's, not wrapped yet.
struct MembersOptions {
  Format format = Format::Text;
  bool detailed = false;
  bool names_only = false;
  std::optional<std::string> near;  // sorted by the round trip to this one
  std::string name;
  std::string status;
  Tags tags;
  Tags where;  // plain values instead of patterns
};

// Until there are that many members that match; patterns as above.
struct WaitOptions {
  Format format = Format::Text;
  MembersOptions members;
  std::optional<std::uint32_t> at_least;
  std::optional<std::uint32_t> at_most;
};

// Nothing to set and nothing to delete: show them.
struct TagsOptions {
  Format format = Format::Text;
  Tags set;
  std::vector<std::string> remove;
};

struct InfoOptions {
  Format format = Format::Text;
  bool seeds = false;  // instead of the stats
};

enum class StatsFormat : std::uint8_t { Text, Json, Prometheus };

struct StatsOptions {
  StatsFormat format = StatsFormat::Text;
};

struct DoctorOptions {
  Format format = Format::Text;
};

struct TopOptions {
  Format format = Format::Text;  // JSON only once
  bool once = false;
  std::chrono::nanoseconds interval = std::chrono::seconds(2);
};

// Absent: that kind of record is not wanted. Not both are.
struct MonitorOptions {
  Format format = Format::Text;
  std::optional<std::string> events;  // filters, separated by commas
  std::optional<std::string> log_level;
};

// `payload` is a word of input.h.
struct EventOptions {
  Format format = Format::Text;
  std::string name;
  std::string payload;
  bool literal = false;  // the payload is meant as it stands
  bool coalesce = true;
};

struct QueryOptions {
  Format format = Format::Text;
  std::string name;
  std::string payload;
  bool literal = false;
  std::vector<std::string> nodes;
  Tags tags;
  bool acks = true;
  std::uint8_t relay_factor = 0;
  std::chrono::nanoseconds timeout{0};  // of the query; 0: the agent's default
  bool wait = false;                    // for all of it, though everybody has answered
  bool require = false;                 // that nobody stays silent
  std::optional<std::uint32_t> expect;  // so many answers
};

struct ReachabilityOptions {
  Format format = Format::Text;
  bool verbose = false;
  bool wait = false;
};

// One round trip, or those between all members.
struct RttOptions {
  Format format = Format::Text;
  bool all = false;
  std::string from;
  std::optional<std::string> to;  // absent: the agent itself
};

enum class KeyAction : std::uint8_t { List, Install, Use, Remove, Rotate };

struct KeysOptions {
  Format format = Format::Text;
  KeyAction action = KeyAction::List;
  std::string key;  // a word of input.h; empty for Rotate: make one
  bool dry_run = false;
};

// Runs gossipd instead of asking it: its arguments, as they are.
struct DaemonOptions {
  std::vector<std::string> arguments;
};

// What a shell may offer where a word is to be completed, one a line. Hidden.
struct CompleteOptions {
  enum class What : std::uint8_t { Members, Gone, Tags, OwnTags };  // Gone: failed or left
  What what = What::Members;
};

struct KeygenOptions {
  Format format = Format::Text;
};

struct VersionOptions {
  Format format = Format::Text;
};

// Has the agent read its configuration again.
struct ReloadOptions {
  Format format = Format::Text;
};

using CommandOptions =
    std::variant<JoinOptions, LeaveOptions, ForceLeaveOptions, MembersOptions, WaitOptions,
                 TagsOptions, InfoOptions, MonitorOptions, EventOptions, QueryOptions,
                 ReachabilityOptions, ReloadOptions, RttOptions, StatsOptions, DoctorOptions,
                 TopOptions, KeysOptions, DaemonOptions, CompleteOptions, KeygenOptions,
                 VersionOptions>;

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
