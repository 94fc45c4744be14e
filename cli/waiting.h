// Waiting for a descriptor with a time limit, so that Ctrl-C ends it and a person who watches is told of it.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

namespace gossip::cli {

// When to give up; nothing: never.
using Deadline = std::optional<std::chrono::steady_clock::time_point>;

// What poll(2) wants: rounded up so that it does not spin before the deadline; -1 is for ever.
[[nodiscard]] int milliseconds_until(Deadline deadline);

// Called each second with what is waited for; nothing where nobody watches.
using Tell = std::function<void(std::string_view what)>;

struct Waiting {
  Deadline until;
  int interrupts = -1;  // can be read once Ctrl-C was pressed
  Tell tell = nullptr;
};

// Until `descriptor` is ready for `events` of poll(2): 0. Else ETIMEDOUT once the deadline is over, EINTR for Ctrl-C, or
// why the system cannot wait.
[[nodiscard]] int wait_until_ready(int descriptor, short events, const Waiting& waiting,
                                   std::string_view what);

}  // namespace gossip::cli
