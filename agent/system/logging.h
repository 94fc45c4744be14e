// The agent's log: lines as Serf writes them, "2026/11/23 20:21:48 [INFO] agent: text", to one output and, of
// every level, to the ring that monitors read; on request to syslog. Everything of spdlog is in one source.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gossip/effects.h"

#include "agent/rpc/log_ring.h"
#include "agent/system/line_writer.h"
#include "agent/system/syslog.h"

namespace gossip::agent {

class Logging {
 public:
  // Lines below `printed` go to the ring alone. `output` and `ring` outlive the log.
  Logging(LineWriter& output, LogLevel printed, rpc::LogRing& ring);
  Logging(const Logging&) = delete;
  Logging& operator=(const Logging&) = delete;
  Logging(Logging&&) = delete;
  Logging& operator=(Logging&&) = delete;
  ~Logging();

  // `text` begins with its component: "agent: …". Names in it come from the network: control characters
  // are shown as \n, \t, \x1b, \u009b, so that a line is a line.
  void write(LogLevel level, std::string_view text);
  void set_level(LogLevel printed);
  // From here on what is printed goes to `syslog` too.
  void add(Syslog syslog);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// `text` with its control characters written out.
[[nodiscard]] std::string without_control_characters(std::string_view text);

}  // namespace gossip::agent
