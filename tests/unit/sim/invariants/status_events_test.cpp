#include <doctest/doctest.h>

#include "unit/sim/invariants/made_up.h"

namespace gossip::sim::made_up {
namespace {

using members::SwimState;

TEST_CASE("events along the state machine are no violation") {
  World world(status_moves_along(kHosts));
  CHECK_FALSE(world.turn(StepKind::Started, {alive(1)}, {event(MemberEventKind::Join, 1)}));
  const Row leaving = row(1, SwimState::Alive, MemberStatus::Leaving);
  CHECK_FALSE(world.turn(StepKind::Packet, {leaving}));
  const Row failed = row(1, SwimState::Dead, MemberStatus::Failed);
  CHECK_FALSE(world.turn(StepKind::Packet, {failed}, {event(MemberEventKind::Failed, 1)}));
  CHECK_FALSE(world.turn(StepKind::Packet, {}, {event(MemberEventKind::Reap, 1)}));
}

TEST_CASE("an event that cannot follow is found") {
  World world(status_moves_along(kHosts));
  CHECK(world.turn(StepKind::Packet, {}, {event(MemberEventKind::Failed, 1)}) ==
        "n0 tells a member-failed of n1, which was no member");
  CHECK_FALSE(world.turn(StepKind::Packet, {alive(1)}, {event(MemberEventKind::Join, 1)}));
  CHECK(world.turn(StepKind::Packet, {alive(1)}, {event(MemberEventKind::Join, 1)}));
  CHECK(world.turn(StepKind::Packet, {}, {event(MemberEventKind::Reap, 1)}));
}

TEST_CASE("a status that no event has told is found, and a member that vanishes without one") {
  World world(status_moves_along(kHosts));
  CHECK(world.turn(StepKind::Packet, {alive(1)}) ==
        "n0 shows n1 as alive, but its events said no member");
  CHECK_FALSE(world.turn(StepKind::Packet, {alive(1)}, {event(MemberEventKind::Join, 1)}));
  CHECK(world.turn(StepKind::Packet) == "n0 shows 0 members, its events said 1");
}

}  // namespace
}  // namespace gossip::sim::made_up
