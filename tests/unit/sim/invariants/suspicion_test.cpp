#include <doctest/doctest.h>

#include "unit/sim/invariants/made_up.h"

namespace gossip::sim::made_up {
namespace {

using members::SwimState;

Row suspect(const World& world) {
  Row row{.member = 1, .state = SwimState::Suspect, .status = MemberStatus::Alive};
  row.state_since = world.step.local_at;
  return row;
}
const Row kDead = row(1, SwimState::Dead, MemberStatus::Failed);

TEST_CASE("a live member that is declared dead too soon is found") {
  World world(suspects_can_refute(kHosts));
  world.truth.network_clean_since.reset();
  const Row suspected = suspect(world);
  CHECK_FALSE(world.turn(StepKind::Packet, {suspected}));
  world.pass(3999ms);
  CHECK(world.turn(StepKind::Advance, {kDead}) ==
        "n0 gave n1, which lives, 3999 ms to refute instead of 4000 ms");
}

TEST_CASE("the shortest suspicion is long enough, and the dead need none") {
  World world(suspects_can_refute(kHosts));
  world.truth.network_clean_since.reset();
  const Row suspected = suspect(world);
  CHECK_FALSE(world.turn(StepKind::Packet, {suspected}));
  SUBCASE("waited") {
    world.pass(4s);
  }
  SUBCASE("dead") {
    world.truth.hosts[1].runs = false;
  }
  CHECK_FALSE(world.turn(StepKind::Advance, {kDead}));
}

TEST_CASE("a live member that is declared dead on a good network is found") {
  World world(suspects_can_refute(kHosts));
  world.pass(10min);
  CHECK_FALSE(world.turn(StepKind::Packet, {alive(1)}));
  SUBCASE("well for long") {
    CHECK(world.turn(StepKind::Packet, {kDead}) ==
          "n0 declared n1 dead, which lives, on a network without faults");
  }
  SUBCASE("the network was bad a moment ago") {
    world.truth.network_clean_since = world.step.at - 5s;
    CHECK_FALSE(world.turn(StepKind::Packet, {kDead}));
  }
  SUBCASE("somebody is not well") {
    world.truth.hosts[2].is_healthy = false;
    CHECK_FALSE(world.turn(StepKind::Packet, {kDead}));
  }
}

}  // namespace
}  // namespace gossip::sim::made_up
