#include <doctest/doctest.h>

#include "sim/invariants/families.h"
#include "unit/sim/invariants/made_up.h"

namespace gossip::sim::made_up {
namespace {

// Host 1 itself has come to incarnation 5.
void let_member_have(World& world, std::uint32_t incarnation) {
  world.step.host = 1;
  CHECK_FALSE(world.turn(StepKind::Advance, {alive(1, incarnation)}));
  world.step.host = 0;
}

TEST_CASE("an incarnation that goes back is found") {
  World world(incarnations_never_fall(kHosts));
  let_member_have(world, 5);
  CHECK_FALSE(world.turn(StepKind::Started));
  CHECK_FALSE(world.turn(StepKind::Packet, {alive(1, 4)}));
  CHECK_FALSE(world.turn(StepKind::Packet, {alive(1, 5)}));
  CHECK(world.turn(StepKind::Packet, {alive(1, 4)}) ==
        "n0 had n1 at incarnation 5 and now has it at 4");
}

TEST_CASE(
    "an incarnation may be lower after a restart, at a new address or for one who was forgotten") {
  World world(incarnations_never_fall(kHosts));
  let_member_have(world, 5);
  CHECK_FALSE(world.turn(StepKind::Packet, {alive(1, 5)}));
  CHECK_FALSE(world.turn(StepKind::Started));
  CHECK_FALSE(world.turn(StepKind::Packet, {alive(1, 3)}));
  Row moved = alive(1, 2);
  moved.address.port = 1;
  CHECK_FALSE(world.turn(StepKind::Packet, {moved}));
  CHECK_FALSE(world.turn(StepKind::Packet, {}));
  moved.incarnation = 1;
  CHECK_FALSE(world.turn(StepKind::Packet, {moved}));
}

TEST_CASE("an incarnation that the member never had is found") {
  World world(incarnations_never_fall(kHosts));
  let_member_have(world, 5);
  CHECK(world.turn(StepKind::Packet, {alive(1, 6)}) ==
        "n0 has n1 at incarnation 6, which has never been beyond 5");
}

}  // namespace
}  // namespace gossip::sim::made_up
