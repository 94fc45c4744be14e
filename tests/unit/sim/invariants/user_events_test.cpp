#include <doctest/doctest.h>

#include "unit/sim/invariants/made_up.h"

namespace gossip::sim::made_up {
namespace {

const Effect kJoined = Finish{1, JoinResult{1, {}}};

TEST_CASE("an event that is delivered twice is found") {
  World world(events_arrive_once(kHosts));
  CHECK_FALSE(world.turn(StepKind::Started));
  CHECK_FALSE(world.turn(StepKind::Packet, {}, {user_event("e")}));
  CHECK(world.turn(StepKind::Packet, {}, {user_event("e")}) == "n0 delivered e twice");
}

TEST_CASE("an event that comes again after a restart is found, if the snapshot was whole") {
  World world(events_arrive_once(kHosts));
  CHECK_FALSE(world.turn(StepKind::Started));
  CHECK_FALSE(world.turn(StepKind::Packet, {}, {user_event("e")}));
  world.step.snapshot = "event-clock: 1\n";
  SUBCASE("whole") {
    CHECK_FALSE(world.turn(StepKind::Started));
    CHECK(world.turn(StepKind::Packet, {}, {user_event("e")}) ==
          "n0 delivered e again after its restart");
  }
  SUBCASE("torn") {
    world.step.snapshot_is_whole = false;
    CHECK_FALSE(world.turn(StepKind::Started));
    CHECK_FALSE(world.turn(StepKind::Packet, {}, {user_event("e")}));
  }
}

TEST_CASE("an event that a member has never heard of is found when all has settled") {
  World world(events_arrive_once(kHosts));
  world.truth.hosts[2].runs = false;
  CHECK_FALSE(world.turn(StepKind::Started));
  world.stats.gauges.event_time = 1;
  CHECK_FALSE(world.turn(StepKind::StreamBytes, {}, {kJoined}));
  world.pass(1s);
  world.step.host = 1;
  world.stats.gauges.event_time = 2;
  CHECK_FALSE(world.turn(StepKind::Started));
  CHECK_FALSE(world.turn(StepKind::Command, {}, {user_event("e", 1)}));
  SUBCASE("lost") {
    CHECK(world.settled() == "n0 has never heard of e, which n1 has");
  }
  SUBCASE("beyond the buffer") {
    world.stats.gauges.event_time = 1000;
    CHECK_FALSE(world.turn(StepKind::Command));
    CHECK_FALSE(world.settled());
  }
  SUBCASE("nobody has it any more") {
    world.truth.hosts[1].runs = false;
    CHECK_FALSE(world.settled());
  }
}

}  // namespace
}  // namespace gossip::sim::made_up
