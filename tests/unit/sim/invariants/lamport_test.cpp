#include <doctest/doctest.h>

#include "unit/sim/invariants/made_up.h"

namespace gossip::sim::made_up {
namespace {

TEST_CASE("a clock that goes back is found") {
  World world(clocks_never_fall(kHosts));
  world.stats.gauges.event_time = 7;
  CHECK_FALSE(world.turn(StepKind::Started));
  world.stats.gauges.event_time = 6;
  CHECK(world.turn(StepKind::Packet) == "n0: its event clock went from 7 to 6");
}

TEST_CASE("a clock that does not go on from the snapshot is found") {
  World world(clocks_never_fall(kHosts));
  world.step.snapshot = "clock: 10\nevent-clock: 4\nquery-clock: 5\n";
  world.stats.gauges.member_time = 10;
  world.stats.gauges.event_time = 4;
  world.stats.gauges.query_time = 5;
  CHECK_FALSE(world.turn(StepKind::Started));
  world.stats.gauges.query_time = 4;
  CHECK(world.turn(StepKind::Started) == "n0: its query clock went from 5 to 4");
}

}  // namespace
}  // namespace gossip::sim::made_up
