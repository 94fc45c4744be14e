// What a daemon is told to be, checked and typed: the result of flags, files and environment together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/config.h"
#include "gossip/effects.h"

#include "config/seed_spec.h"
#include "config/settings.h"

namespace gossip::config {

enum class LogOutput : std::uint8_t { Stderr, Stdout };

// syslog(3)'s numbers: KERN is 0, LOCAL7 is 23.
enum class SyslogFacility : std::uint8_t {};

// Finding members of one cluster by multicast DNS.
struct DiscoveryConfig {
  std::string cluster;    // empty: none
  std::string interface;  // empty: that of the advertised address
  bool ipv4 = true;
  bool ipv6 = true;
  std::string seed;  // as written in `retry_join`, if it stands there
};

struct RpcConfig {
  std::vector<std::string> addresses;  // as written; empty: the default socket
  std::string auth_key;                // empty: no authentication
  std::uint32_t socket_mode = 0600;
  std::string socket_group;                 // name or number; empty: the process's
  std::vector<std::string> allowed_users;   // names or numbers
  std::vector<std::string> allowed_groups;  // empty: the socket's group
  std::size_t max_clients = 256;
};

// Who on this host is told of events, and how.
struct EventConfig {
  std::vector<std::string> handlers;  // as written
  Duration handler_timeout = std::chrono::seconds(30);
  std::size_t handler_queue = 1024;
  bool coalesce_members = true;
  bool coalesce_events = true;
};

// When a service manager is told that this agent can be relied on.
struct ReadyWhen {
  enum class Kind : std::uint8_t {
    Started,
    Joined,   // another member is alive
    Members,  // so many are, ourselves included
  };
  Kind kind = Kind::Started;
  std::uint32_t members = 0;

  friend bool operator==(const ReadyWhen&, const ReadyWhen&) = default;
};

// Who is told what the agent counts.
struct MetricsConfig {
  std::string http_address;      // "unix:///path", "/path" or "host:port"; empty: no HTTP
  std::string statsd_address;    // "host:port"; empty: none
  std::string statsite_address;  // likewise
};

struct AgentConfig {
  // Passed gossip::check; the encryption keys are those of the key, its file or the keyring file. The
  // tags file and the interface are the agent's to read.
  Config node;
  std::string
      keys_from;  // the flag, variable or file that the encryption keys come from, "" for none
  std::string profile = "lan";
  std::string interface;  // "" for any
  std::string tags_file;

  std::vector<std::string> retry_join;  // as written
  std::vector<SeedSpec> seeds;          // the same, understood; an mDNS cluster is in `discovery`
  Duration seed_refresh = std::chrono::minutes(1);
  Duration retry_interval = std::chrono::seconds(30);
  std::uint32_t retry_max_attempts = 0;  // after the first one; 0 is no limit

  DiscoveryConfig discovery;

  RpcConfig rpc;
  EventConfig events;
  MetricsConfig metrics;
  LogLevel log_level = LogLevel::Info;
  LogOutput log_output = LogOutput::Stderr;
  std::optional<SyslogFacility> syslog;  // beside `log_output`; none: no syslog
  ReadyWhen ready_when;
  bool leave_on_terminate = false;
  bool skip_leave_on_interrupt = false;

  // Each one line for the log: what was asked for and is not done, or done otherwise.
  std::vector<std::string> warnings;
  // What all this was made of, for a reload to compare and errors to blame.
  Settings settings;
};

// "trace" "debug" "info" "warn" "err" in any case, also "warning" and "error".
// Errors: InvalidArgument, with the levels there are.
[[nodiscard]] Expected<LogLevel> parse_log_level(std::string_view text);

// "started", "joined", "members>=3". Errors: InvalidArgument, with what there is.
[[nodiscard]] Expected<ReadyWhen> parse_ready_when(std::string_view text);

// "LOCAL0", "daemon" … Errors: InvalidArgument, with the names there are.
[[nodiscard]] Expected<SyslogFacility> parse_syslog_facility(std::string_view text);

}  // namespace gossip::config
