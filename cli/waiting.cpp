#include "cli/waiting.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include <poll.h>

namespace gossip::cli {
namespace {

using std::chrono::steady_clock;

// When to look up from the wait.
Deadline next_pause(const Waiting& waiting) {
  if (!waiting.tell) return waiting.until;
  const steady_clock::time_point soon = steady_clock::now() + std::chrono::seconds(1);
  return waiting.until ? std::min(*waiting.until, soon) : soon;
}

}  // namespace

int milliseconds_until(Deadline deadline) {
  if (!deadline) {
    return -1;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1 << 30));
}

int wait_until_ready(int descriptor, short events, const Waiting& waiting, std::string_view what) {
  std::array<pollfd, 2> polled{pollfd{descriptor, events, 0},
                               pollfd{waiting.interrupts, POLLIN, 0}};
  for (;;) {
    const int ready = poll(polled.data(), polled.size(), milliseconds_until(next_pause(waiting)));
    if (ready < 0 && errno != EINTR) return errno;
    if (ready > 0) return polled[1].revents != 0 ? EINTR : 0;
    if (waiting.until && steady_clock::now() >= *waiting.until) return ETIMEDOUT;
    if (ready == 0 && waiting.tell) waiting.tell(what);
  }
}

}  // namespace gossip::cli
