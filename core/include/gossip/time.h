// The engine's time: a clock that nobody can read. Every instant is an argument, given by the host.
#pragma once

#include <chrono>
#include <cstdint>

namespace gossip {

// It has no now(), so code that asks for the time does not compile.
struct EngineClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<EngineClock>;
  static constexpr bool is_steady = true;
};

using TimePoint = EngineClock::time_point;
using Duration = EngineClock::duration;

}  // namespace gossip
