#include "runtime/loop_timer.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace gossip::runtime {

TimePoint loop_now() {
  return TimePoint(Duration(static_cast<Duration::rep>(uv_hrtime())));
}

int LoopTimer::open(uv_loop_t* loop, HandleCount& count, Ring ring, void* owner) {
  ring_ = ring;
  owner_ = owner;
  return handle_.open(count, this,
                      [loop](uv_timer_t* timer) { return uv_timer_init(loop, timer); });
}

void LoopTimer::arm(std::optional<TimePoint> deadline) {
  if (!handle_.is_open() || deadline == armed_) return;
  armed_ = deadline;
  if (!deadline) {
    uv_timer_stop(handle_.get());
    return;
  }
  // The loop's clock is the same one, in whole milliseconds and possibly stale; libuv adds the distance to that
  // stale reading, so the sum is right. Rounding up keeps the ring from coming before the deadline.
  const auto due = std::chrono::ceil<std::chrono::milliseconds>(deadline->time_since_epoch());
  const auto now = static_cast<std::int64_t>(uv_now(handle_.get()->loop));
  const std::int64_t distance = std::max<std::int64_t>(due.count() - now, 0);
  uv_timer_start(
      handle_.get(),
      [](uv_timer_t* timer) {
        auto& self = owner_of<LoopTimer>(timer);
        self.armed_.reset();
        self.ring_(self.owner_);
      },
      static_cast<std::uint64_t>(distance), 0);
}

}  // namespace gossip::runtime
