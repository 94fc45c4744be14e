// The signals that steer an agent, on its loop: interrupt, terminate, hangup; and the two that users may send,
// which would end a process that does not listen.
#pragma once

#include <array>
#include <csignal>
#include <functional>
#include <string>
#include <string_view>

#include <uv.h>

#include "gossip/error.h"

#include "runtime/handle.h"

namespace gossip::agent {

class Signals {
 public:
  using Caught = std::function<void(int signal)>;

  // `caught` is called on the loop's thread. SIGPIPE and SIGXFSZ are ignored from here on, in the
  // whole process.
  [[nodiscard]] Expected<void> open(uv_loop_t* loop, runtime::HandleCount& count, Caught caught);
  void close();

 private:
  static constexpr std::array kWatched{SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

  Caught caught_;
  std::array<runtime::Handle<uv_signal_t>, kWatched.size()> handles_;
};

// As Serf's agent names them: "interrupt", "terminated", "hangup", "user defined signal 1" …
[[nodiscard]] std::string_view signal_name(int signal);

}  // namespace gossip::agent
