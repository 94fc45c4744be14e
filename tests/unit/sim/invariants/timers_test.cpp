#include <doctest/doctest.h>

#include "unit/sim/invariants/made_up.h"

namespace gossip::sim::made_up {
namespace {

TEST_CASE("a deadline that has come and is left standing is found") {
  World world(no_timer_for_nothing(kHosts));
  CHECK_FALSE(world.turn(StepKind::Started));
  world.pass(1s);
  world.step.deadline = world.step.local_at + 1ms;
  CHECK_FALSE(world.turn(StepKind::Advance));
  world.step.deadline = world.step.local_at;
  CHECK(world.turn(StepKind::Advance) == "n0 ran its timers and leaves one standing that was due");
}

TEST_CASE("an engine that wakes up for nothing all the time is found, one that works is not") {
  World world(no_timer_for_nothing(kHosts));
  CHECK_FALSE(world.turn(StepKind::Started));
  const auto wake_for_long = [&](const Effects& effects) {
    std::optional<Violation> broken;
    for (int i = 0; i < 1000 && !broken; ++i) {
      world.pass(200ms);
      broken = world.turn(StepKind::Advance, {}, effects);
    }
    return broken;
  };
  CHECK_FALSE(wake_for_long({Log{}}));
  CHECK(wake_for_long({}) == "n0 wakes up again and again and does nothing");
}

}  // namespace
}  // namespace gossip::sim::made_up
