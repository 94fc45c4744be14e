// The host's syslog: log lines as datagrams to its local socket, in the form that Serf's agent and syslog(3)
// send. syslog(3) itself waits while the daemon does not read; here such a line is lost and counted.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "gossip/effects.h"
#include "gossip/error.h"

#include "config/agent_config.h"
#include "runtime/descriptor.h"

namespace gossip::agent {

class Syslog {
 public:
  struct Settings {
    config::SyslogFacility facility{};
    std::string tag = "gossipd";
    std::string socket = "/dev/log";
  };

  // Errors: System or NotFound, naming the socket.
  [[nodiscard]] static Expected<Syslog> open(Settings settings);

  // `text` is one line without its time and level. A daemon that was restarted is connected to again.
  void write(LogLevel level, std::string_view text);

  [[nodiscard]] std::uint64_t lost() const { return lost_in_all_; }

 private:
  explicit Syslog(Settings settings) : settings_(std::move(settings)) {}
  [[nodiscard]] int connect();  // errno
  [[nodiscard]] bool try_write(LogLevel level, std::string_view text);

  Settings settings_;
  runtime::Descriptor socket_;
  std::uint64_t lost_ = 0;
  std::uint64_t lost_in_all_ = 0;
};

// "<134>Nov 23 20:37:07 gossipd[27171]: agent: text": Serf's severities, one below the usual for debug and info.
[[nodiscard]] std::string syslog_datagram(const Syslog::Settings& settings, LogLevel level,
                                          const std::tm& time, std::string_view text);

}  // namespace gossip::agent
