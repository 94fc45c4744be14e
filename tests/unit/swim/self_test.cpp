#include "swim/self.h"

#include <doctest/doctest.h>

#include "unit/swim/world.h"

namespace gossip::swim {
namespace {

using members::SwimState;

TEST_CASE("at start we are alive with incarnation 1, and say so") {
  Config config;
  config.node_name = "me";
  config.protocol = 4;
  const LocalAddress local{.advertised = address_of("192.0.2.100"), .bind_port = 7946};
  base::TextPool texts;
  base::Rng rng({1});
  members::Table table(texts, 10, 1);
  Counters counters;
  Swim swim(config, local, table, rng, counters);
  Outputs out;
  swim.start(TimePoint(seconds(1)), as_bytes("m0"), out);
  REQUIRE(out.size() == 2);
  CHECK(words(std::get<Broadcast>(out[0]).message) == "alive me 1 m0");
  CHECK(std::get<Joined>(out[1]).member == swim.self());
  const members::Record& record = table.at(swim.self());
  CHECK(record.address() == local.advertised);
  CHECK(record.versions == Versions{1, 5, 2, 2, 5, 4});
  CHECK_FALSE(swim.next_deadline().has_value());
}

TEST_CASE("a suspicion of us is refuted with the next incarnation, and our health suffers") {
  World world;
  world.suspect("me", 1, "p1");
  CHECK(world.said() == "all about me: alive me 2 m0\n");
  CHECK(world.logged == "memberlist: Refuting a suspect message (from: p1)\n");
  CHECK(world.state("me") == SwimState::Alive);
  CHECK(world.swim.health_score() == 1);
  CHECK(world.counters.refutations == 1);
}

TEST_CASE("a refutation beats the accusation, however high it is") {
  World world;
  world.dead("me", 40, "p1");
  CHECK(world.said() == "all about me: alive me 41 m0\n");
  CHECK(world.logged == "memberlist: Refuting a dead message (from: p1)\n");
  world.dead("me", 40, "p1");
  CHECK(world.said().empty());
}

TEST_CASE("at the last incarnation we stay and do not wrap to 0") {
  World world;
  world.table.at(world.swim.self()).incarnation = kLast - 1;
  world.suspect("me", kLast - 1, "p1");
  CHECK(world.record("me").incarnation == kLast);
  world.suspect("me", kLast, "p1");
  CHECK(world.record("me").incarnation == kLast);
  world.swim.set_meta(world.now, as_bytes("m1"), world.out);
  CHECK(world.record("me").incarnation == kLast);
}

TEST_CASE("our own echo is left alone, an earlier run's claim about us is refuted") {
  World world;
  const Bytes ours = {1, 5, 2, 2, 5, 5};
  world.alive("me", {.incarnation = 1, .address = "192.0.2.100"});
  CHECK(world.said().empty());
  world.alive("me", {.incarnation = 1, .address = "192.0.2.100", .meta = "old"});
  CHECK(world.said() == "all about me: alive me 2 m0\n");
  CHECK(world.logged == "memberlist: Refuting an alive message for 'me'\n");
  world.alive("me", {.incarnation = 7, .address = "192.0.2.100", .meta = "m0", .versions = ours});
  CHECK(world.said() == "all about me: alive me 8 m0\n");
  world.alive("me", {.incarnation = 7, .address = "192.0.2.100", .meta = "old"});
  CHECK(world.said().empty());
}

TEST_CASE("somebody else with our name is a conflict, not a refutation") {
  World world;
  world.alive("me", {.incarnation = 9, .address = "192.0.2.9"});
  CHECK(world.said() == "conflict me 192.0.2.9:7946\ncheck 1 of 192.0.2.9:7946\n");
  CHECK(world.record("me").incarnation == 1);
}

TEST_CASE("new meta goes out with the next incarnation") {
  World world;
  world.swim.set_meta(world.now, as_bytes("m1"), world.out);
  CHECK(world.said() == "all about me: alive me 2 m1\nupdated me\n");
  world.suspect("me", 2, "p1");
  CHECK(world.said() == "all about me: alive me 3 m1\n");
}

TEST_CASE("leaving is said to all once, and not refuted") {
  World world;
  world.alive("p1");
  world.said();
  world.swim.leave(world.now, {}, world.out);
  CHECK(world.said() ==
        "all about me: dead me 1 from me\ngone me\n"
        "to 192.0.2.1:7946: ping 1 p1, dead me 1 from me alone\n");
  CHECK(world.state("me") == SwimState::Left);
  world.swim.leave(world.now, {}, world.out);
  CHECK(world.said().empty());
}

TEST_CASE("whoever has left refutes nothing, takes nothing about itself, and still answers pings") {
  World world;
  world.alive("p1");
  world.swim.leave(world.now, {}, world.out);
  world.said();
  world.suspect("me", 1, "p1");
  world.dead("me", 5, "p1");
  world.alive("me", {.incarnation = 9, .address = "192.0.2.100"});
  world.swim.set_meta(world.now, as_bytes("m1"), world.out);
  CHECK(world.said().empty());
  CHECK(world.state("me") == SwimState::Left);
  world.swim.receive(world.now, address_of("192.0.2.1"),
                     wire::Ping{.sequence = 3, .node = "me", .source = {}}, world.out);
  CHECK(world.said() == "to 192.0.2.1:7946: ack 3 alone\n");
}

}  // namespace
}  // namespace gossip::swim
