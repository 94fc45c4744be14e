#include <doctest/doctest.h>

#include "unit/sim/invariants/made_up.h"

namespace gossip::sim::made_up {
namespace {

TEST_CASE("what grows beyond its limit is found") {
  World world(limits_hold(kHosts));
  CHECK_FALSE(world.turn(StepKind::Packet));
  SUBCASE("a queue") {
    world.stats.gauges.event_queue = world.config.max_queue_depth + 1;
    CHECK(world.turn(StepKind::Packet) == "n0: a queue of broadcasts are 4097, the limit is 4096");
  }
  SUBCASE("members") {
    world.stats.gauges.members = world.config.max_members + 1;
    CHECK(world.turn(StepKind::Packet));
  }
  SUBCASE("streams") {
    world.stats.gauges.open_streams = 1000;
    CHECK(world.turn(StepKind::Packet));
  }
  SUBCASE("a datagram") {
    CHECK(world.turn(StepKind::Packet, {}, {SendPacket{{}, Bytes(9000)}}));
  }
}

TEST_CASE("a process that is to stop though its name is its own is found") {
  World world(limits_hold(kHosts));
  const Effects stop = {Stop{StopReason::NameTaken, "10.0.0.9:7946"}};
  CHECK(world.turn(StepKind::Packet, {}, stop) ==
        "n0 is to stop because its name belongs to 10.0.0.9:7946");
}

}  // namespace
}  // namespace gossip::sim::made_up
