// What spans the rules: push/pull, random choices, and that chance is the seed's alone.
#include "swim/swim.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "unit/swim/world.h"

namespace gossip::swim {
namespace {

using members::SwimState;
using wire::NodeState;
using wire::NodeStateKind;

NodeState row(std::string_view name, const Bytes& address, NodeStateKind state,
              std::uint32_t incarnation = 1) {
  static const Bytes kVersions = {1, 5, 2, 2, 5, 5};
  return {.name = name,
          .address = address,
          .port = 7946,
          .meta = as_bytes("m0"),
          .incarnation = incarnation,
          .state = state,
          .versions = kVersions};
}

TEST_CASE("push/pull: living rows join, left rows leave, dead rows are only our own suspicion") {
  World world;
  for (const char* name : {"p2", "p3", "p4"}) {
    world.alive(name);
  }
  world.said();
  const Bytes p1 = {192, 0, 2, 1};
  const Bytes other = {192, 0, 2, 2};
  const std::vector<NodeState> rows{
      row("p1", p1, NodeStateKind::Alive), row("p2", other, NodeStateKind::Dead),
      row("p3", other, NodeStateKind::Suspect), row("p4", other, NodeStateKind::Left),
      row("p5", other, NodeStateKind::Dead)};
  world.swim.merge(world.now, rows, world.out);
  CHECK(world.said() ==
        "all about p1: alive p1 1 m0\njoined p1\n"
        "all about p2: suspect p2 1 from me\n"
        "all about p3: suspect p3 1 from me\n"
        "all about p4: dead p4 1 from p4\ngone p4\n");
  CHECK_FALSE(world.table.find("p5").has_value());
}

TEST_CASE("push/pull: a row that says we are dead is refuted") {
  World world;
  const Bytes ours = {192, 0, 2, 100};
  const NodeState dead = row("me", ours, NodeStateKind::Dead, 4);
  world.swim.merge(world.now, std::span(&dead, 1), world.out);
  CHECK(world.said() == "all about me: alive me 5 m0\n");
}

TEST_CASE("push/pull: a merge may bring the first other node, and probes begin") {
  World world;
  const Bytes p1 = {192, 0, 2, 1};
  const NodeState alive = row("p1", p1, NodeStateKind::Alive);
  world.swim.merge(world.now, std::span(&alive, 1), world.out);
  CHECK(world.swim.next_deadline() == world.now + seconds(1));
}

TEST_CASE("our rows show every node of every state, ourselves included, but no absent one") {
  World world;
  world.alive("p1", {.incarnation = 3, .address = "192.0.2.1:7000", .meta = "tags"});
  world.alive("p2");
  world.alive("p3");
  world.alive("p4");
  world.dead("p1", 3, "p2");
  world.dead("p2", 1, "p2");
  world.suspect("p3", 1, "p2");
  (void)world.table.insert("known to Serf only");
  const std::vector<NodeState> rows = world.swim.local_rows();
  REQUIRE(rows.size() == 5);
  const auto state_of = [&](std::string_view name) {
    return std::find_if(rows.begin(), rows.end(),
                        [&](const NodeState& r) { return r.name == name; })
        ->state;
  };
  CHECK(state_of("me") == NodeStateKind::Alive);
  CHECK(state_of("p1") == NodeStateKind::Dead);
  CHECK(state_of("p2") == NodeStateKind::Left);
  CHECK(state_of("p3") == NodeStateKind::Suspect);
  CHECK(state_of("p4") == NodeStateKind::Alive);
  CHECK(rows[1].name == "p1");
  CHECK(rows[1].incarnation == 3);
  CHECK(rows[1].port == 7000);
  CHECK(as_text(rows[1].meta) == "tags");
  CHECK(rows[1].address.size() == 4);
  CHECK(rows[1].versions.size() == 6);
}

TEST_CASE(
    "gossip goes to the living, the suspected and the recently dead; push/pull to the living") {
  World world;
  for (const char* name : {"p1", "p2", "p3", "p4"}) {
    world.alive(name);
  }
  world.suspect("p2", 1, "p1");
  world.dead("p3", 1, "p1");
  world.dead("p4", 1, "p4");
  const auto names = [&](const std::vector<members::Index>& peers) {
    std::vector<std::string> list;
    for (const members::Index peer : peers)
      list.push_back(world.name_of(peer));
    std::sort(list.begin(), list.end());
    std::string text;
    for (const std::string& name : list)
      text += name + " ";
    return text;
  };
  CHECK(names(world.swim.random_gossip_targets(world.now, 10)) == "p1 p2 p3 ");
  CHECK(names(world.swim.random_gossip_targets(world.now + seconds(30), 10)) == "p1 p2 p3 ");
  CHECK(names(world.swim.random_gossip_targets(world.now + milliseconds(30'001), 10)) == "p1 p2 ");
  CHECK(names(world.swim.random_alive(10)) == "p1 ");
  CHECK(world.swim.random_alive(0).empty());
  CHECK(world.swim.node_count() == 5);
  CHECK(world.swim.live_count() == 3);
}

// A busy minute: everything that was said.
std::string minute(std::uint8_t seed) {
  World world({}, seed);
  std::string said;
  for (int i = 1; i <= 20; ++i) {
    world.alive("p" + std::to_string(i));
  }
  for (std::uint32_t i = 1; i <= 60; ++i) {
    world.pass(seconds(1));
    if (i % 3 != 0) world.ack(i);
    said += world.said();
  }
  return said;
}

TEST_CASE("the same seed gives the same words, another seed others") {
  CHECK(minute(1) == minute(1));
  CHECK(minute(1) != minute(2));
}

}  // namespace
}  // namespace gossip::swim
