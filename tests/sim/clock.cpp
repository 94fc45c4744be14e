#include "sim/clock.h"

namespace gossip::sim {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

}  // namespace

TimePoint DriftingClock::at(TimePoint world) const {
  if (ppm_ == 0) return world;
  // In two parts, so that weeks of nanoseconds do not overflow.
  const std::int64_t ns = world.time_since_epoch().count();
  return world + Duration(ns / kMillion * ppm_ + ns % kMillion * ppm_ / kMillion);
}

TimePoint DriftingClock::when(TimePoint local) const {
  if (ppm_ == 0) return local;
  const std::int64_t rate = kMillion + ppm_;
  const std::int64_t ns = local.time_since_epoch().count();
  TimePoint world(Duration(ns / rate * kMillion + ns % rate * kMillion / rate));
  // Rounding has cost at most a few nanoseconds.
  while (at(world) >= local && world > TimePoint{})
    world -= Duration(1);
  while (at(world) < local)
    world += Duration(1);
  return world;
}

}  // namespace gossip::sim
