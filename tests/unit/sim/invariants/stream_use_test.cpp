#include <doctest/doctest.h>

#include "unit/sim/invariants/made_up.h"

namespace gossip::sim::made_up {
namespace {

TEST_CASE("a stream that is written to after its end is found") {
  World world(streams_are_used_well(kHosts));
  const Effect open = OpenStream{3, {}, {}};
  const Effect write = WriteStream{3, Bytes(1)};
  const Effect close = CloseStream{.id = 3};
  CHECK_FALSE(world.turn(StepKind::Command, {}, {open}));
  CHECK(world.turn(StepKind::Command, {}, {open}) == "n0 opens stream 3, which is open already");
  CHECK_FALSE(world.turn(StepKind::Command, {}, {write, close}));
  CHECK(world.turn(StepKind::Command, {}, {write}) == "n0 writes to stream 3, which is not open");
  CHECK(world.turn(StepKind::Command, {}, {close}) == "n0 closes stream 3, which is not open");
}

TEST_CASE("an accepted stream counts as open until it ends") {
  World world(streams_are_used_well(kHosts));
  const Effect write = WriteStream{3, Bytes(1)};
  world.step.stream = 3;
  CHECK_FALSE(world.turn(StepKind::Accepted));
  CHECK_FALSE(world.turn(StepKind::StreamBytes, {}, {write}));
  CHECK_FALSE(world.turn(StepKind::StreamEnded));
  CHECK(world.turn(StepKind::Advance, {}, {write}));
}

}  // namespace
}  // namespace gossip::sim::made_up
