#include "sim/clock.h"

#include <doctest/doctest.h>

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a clock shows a time first at the moment that it says") {
  for (const std::int64_t ppm : {-500'000, -37, -1, 0, 1, 12'345, 1'000'000}) {
    CAPTURE(ppm);
    const DriftingClock clock(ppm);
    for (const Duration time : {Duration(1), Duration(999'999), Duration(30s), Duration(100h)}) {
      const TimePoint local = TimePoint{} + time;
      const TimePoint world = clock.when(local);
      CHECK(clock.at(world) >= local);
      CHECK(clock.at(world - Duration(1)) < local);
    }
  }
}

TEST_CASE("a fast clock gains what its rate says") {
  CHECK(DriftingClock(5000).at(TimePoint{} + 1000s) == TimePoint{} + 1005s);
  CHECK(DriftingClock(-5000).at(TimePoint{} + 1000s) == TimePoint{} + 995s);
}

}  // namespace
}  // namespace gossip::sim
