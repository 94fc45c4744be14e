// The one armed timer of a host, and its clock: libuv's monotonic one.
#pragma once

#include <optional>

#include <uv.h>

#include "gossip/time.h"

#include "runtime/handle.h"

namespace gossip::runtime {

// Never goes back; nanoseconds since some moment before the process began.
[[nodiscard]] TimePoint loop_now();

class LoopTimer {
 public:
  using Ring = void (*)(void* owner);

  // `ring(owner)` is called on the loop's thread, never before the deadline, at most a millisecond late.
  [[nodiscard]] int open(uv_loop_t* loop, HandleCount& count, Ring ring, void* owner);
  // Replaces what was armed; nothing disarms. A deadline that has passed rings in the loop's next round.
  void arm(std::optional<TimePoint> deadline);
  void close() { handle_.close(); }

 private:
  Handle<uv_timer_t> handle_;
  Ring ring_ = nullptr;
  void* owner_ = nullptr;
  std::optional<TimePoint> armed_;
};

}  // namespace gossip::runtime
