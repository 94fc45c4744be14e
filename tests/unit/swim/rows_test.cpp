#include "swim/rows.h"

#include <array>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "unit/swim/world.h"

namespace gossip::swim {
namespace {

using members::SwimState;
using wire::NodeStateKind;

constexpr std::array<std::uint8_t, 4> kIp{192, 0, 2, 1};

wire::NodeState row(std::string_view name, NodeStateKind state, std::uint32_t incarnation = 1) {
  return {.name = name,
          .address = kIp,
          .port = 7946,
          .meta = as_bytes("m1"),
          .incarnation = incarnation,
          .state = state,
          .versions = World::kVersions};
}

void merge(World& world, const wire::NodeState& of) {
  world.swim.merge(world.now, std::span(&of, 1), world.out);
}

TEST_CASE("a row for each node, whatever its state, and none for who is only remembered") {
  World world;
  for (const char* name : {"p1", "p2", "p3", "p4"})
    world.alive(name);
  world.suspect("p2", 1, "p1");
  world.dead("p3", 1, "p1");
  world.dead("p4", 1, "p4");
  REQUIRE(world.table.insert("remembered").has_value());
  std::string told;
  for (const wire::NodeState& node : rows_of(world.table)) {
    told += std::string(node.name) + " " + std::to_string(static_cast<int>(node.state)) + "\n";
  }
  CHECK(told == "me 0\np1 0\np2 1\np3 2\np4 3\n");
}

TEST_CASE("a row has all that an alive says") {
  World world;
  world.alive("p7", {.incarnation = 9, .address = "192.0.2.8:99", .meta = "m2"});
  const wire::NodeState node = rows_of(world.table).at(1);
  CHECK(node.name == "p7");
  CHECK(as_text(node.address) == as_text(Bytes{192, 0, 2, 8}));
  CHECK(node.port == 99);
  CHECK(as_text(node.meta) == "m2");
  CHECK(node.incarnation == 9);
  CHECK(as_text(node.versions) == as_text(World::kVersions));
}

TEST_CASE("an alive row is a claim like any other") {
  World world;
  merge(world, row("p1", NodeStateKind::Alive, 3));
  CHECK(world.state("p1") == SwimState::Alive);
  CHECK(world.record("p1").incarnation == 3);
}

TEST_CASE("a dead row is a suspicion of our own, so that the node can refute") {
  for (const NodeStateKind state : {NodeStateKind::Dead, NodeStateKind::Suspect}) {
    World world;
    world.alive("p1");
    world.said();
    merge(world, row("p1", state));
    CHECK(world.state("p1") == SwimState::Suspect);
    CHECK(world.said() == "all about p1: suspect p1 1 from me\n");
  }
}

TEST_CASE("who has left is believed: it said so itself") {
  World world;
  world.alive("p1");
  merge(world, row("p1", NodeStateKind::Left));
  CHECK(world.state("p1") == SwimState::Left);
}

TEST_CASE("what is said of us is contradicted") {
  World world;
  merge(world, row("me", NodeStateKind::Dead, 7));
  CHECK(world.said() == "all about me: alive me 8 m0\n");
}

}  // namespace
}  // namespace gossip::swim
