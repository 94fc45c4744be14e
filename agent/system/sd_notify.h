// Our side of sd_notify(3): lines for the service manager that started us, in datagrams to the socket it named.
// Without such a socket nobody is told anything. Own code: libsystemd would be larger than the agent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/error.h"
#include "gossip/time.h"

#include "runtime/descriptor.h"

namespace gossip::agent {

class SdNotify {
 public:
  // What stood in $NOTIFY_SOCKET, $WATCHDOG_USEC and $WATCHDOG_PID.
  struct Variables {
    std::string socket;
    std::string watchdog_usec;
    std::string watchdog_pid;
  };
  // Takes them out of the environment: no child of ours speaks for us.
  [[nodiscard]] static Variables take_variables();

  SdNotify() = default;  // nobody listens
  // Errors: InvalidArgument for a name that is no Unix socket's, System; both name the variable.
  [[nodiscard]] static Expected<SdNotify> open(const Variables& variables);

  [[nodiscard]] bool is_heard() const { return descriptor_.is_open(); }
  // How often a sign of life is asked for, if it is.
  [[nodiscard]] std::optional<Duration> watchdog() const { return watchdog_; }

  // "READY=1\nSTATUS=…". Never waits: what the socket does not take now goes with the next call, of each variable the
  // last value. An errno if there is something left, else 0.
  [[nodiscard]] int say(std::string_view lines);

 private:
  void keep(std::string_view line);

  runtime::Descriptor descriptor_;
  std::string address_;              // a sockaddr_un, as long as it is
  std::vector<std::string> unsent_;  // lines, each variable once
  std::optional<Duration> watchdog_;
};

// Nothing where the watchdog is off or meant for another process; see sd_watchdog_enabled(3).
[[nodiscard]] std::optional<Duration> watchdog_interval(std::string_view usec, std::string_view pid,
                                                        std::int64_t own_pid);

}  // namespace gossip::agent
