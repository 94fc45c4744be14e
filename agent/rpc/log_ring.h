// The newest log lines of every level, for monitors that come later, and those who want each new line at
// once. The daemon's logging feeds it; who may see which level is the monitor's business.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/effects.h"

namespace gossip::agent::rpc {

// Serf's number (rpc.md §6.4).
inline constexpr std::size_t kMaxLogLines = 512;
// A line is cut here, so that the ring's memory is bounded.
inline constexpr std::size_t kMaxLogLineBytes = 4096;

struct LogRecord {
  LogLevel level = LogLevel::Info;
  std::string text;  // "2026/11/23 20:13:51 [INFO] agent: text", no newline
};

class LogRing {
 public:
  class Listener {
   public:
    Listener() = default;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    Listener(Listener&&) = delete;
    Listener& operator=(Listener&&) = delete;
    virtual ~Listener() = default;
    // May log: that line is told when everybody has heard this one.
    virtual void logged(const LogRecord& record) = 0;
  };

  // Any level, whatever the agent prints itself. `text` is the whole line as printed.
  void append(LogLevel level, std::string_view text);

  // Oldest first. Lines that wait to be told are not there yet.
  [[nodiscard]] const std::deque<LogRecord>& lines() const { return lines_; }

  // `listener` unsubscribes before it ends; both may be called from inside `logged`.
  void subscribe(Listener& listener);
  void unsubscribe(Listener& listener);

 private:
  void tell(const LogRecord& record);  // no element of lines_

  std::deque<LogRecord> lines_;
  std::vector<Listener*> listeners_;
  std::deque<LogRecord> untold_;  // lines that listeners logged while they were told
  bool telling_ = false;
};

}  // namespace gossip::agent::rpc
