#include <doctest/doctest.h>

#include "unit/sim/invariants/made_up.h"

namespace gossip::sim::made_up {
namespace {

using members::SwimState;

TEST_CASE("a member with a status that does not fit its state is found") {
  World world(one_state_per_member(kHosts));
  world.stats.gauges = {.members = 1};
  CHECK_FALSE(world.turn(StepKind::Packet, {row(1, SwimState::Suspect, MemberStatus::Leaving)}));
  CHECK(world.turn(StepKind::Packet, {row(1, SwimState::Dead, MemberStatus::Alive)}) ==
        "n0 has n1 as dead and alive");
  CHECK(world.turn(StepKind::Packet, {row(1, SwimState::Alive, MemberStatus::Left)}) ==
        "n0 has n1 as alive and left");
  CHECK(world.turn(StepKind::Packet, {row(1, SwimState::Absent, MemberStatus::None)}));
  CHECK(world.turn(StepKind::Packet, {row(1, SwimState::Left, MemberStatus::Failed)}));
}

TEST_CASE("two records of one member are found, and one of nobody") {
  World world(one_state_per_member(kHosts));
  CHECK(world.turn(StepKind::Packet, {alive(1), alive(1)}) == "n0 has two of n1");
  CHECK(world.turn(StepKind::Packet, {alive(kNobody)}) ==
        "n0 knows a member that no host is at :0");
}

TEST_CASE("figures that do not count what is there are found") {
  World world(one_state_per_member(kHosts));
  world.stats.gauges = {.members = 2, .failed = 1};
  const std::vector<Row> rows = {alive(0), row(1, SwimState::Dead, MemberStatus::Failed)};
  CHECK_FALSE(world.turn(StepKind::Packet, rows));
  world.stats.gauges.left = 1;
  CHECK(world.turn(StepKind::Packet, rows) ==
        "n0 counts 2 members, 1 failed, 1 left, and has 2, 1, 0");
}

}  // namespace
}  // namespace gossip::sim::made_up
