#include "swim/claims.h"

#include <string>

#include <doctest/doctest.h>

#include "unit/swim/world.h"

namespace gossip::swim {
namespace {

using members::SwimState;

// Three others, so that suspicions expect confirmations (k = 2 needs four nodes).
void populate(World& world) {
  for (const char* name : {"p1", "p2", "p3"}) {
    world.alive(name);
  }
  world.out.clear();
}

TEST_CASE("an alive claim about a new node is passed on and makes it a member") {
  World world;
  world.alive("p1");
  CHECK(world.said() == "all about p1: alive p1 1 m0\njoined p1\n");
  CHECK(world.state("p1") == SwimState::Alive);
  CHECK(world.swim.node_count() == 2);
  CHECK(world.swim.live_count() == 2);
}

TEST_CASE("an alive claim of the same incarnation is no news, of a higher one it is") {
  World world;
  world.alive("p1");
  world.said();
  world.alive("p1", {.incarnation = 1, .address = {}, .meta = "m1"});
  CHECK(world.said().empty());
  world.alive("p1", {.incarnation = 2, .address = {}, .meta = "m1"});
  CHECK(world.said() == "all about p1: alive p1 2 m1\nupdated p1\n");
  world.alive("p1", {.incarnation = 3, .address = {}, .meta = "m1"});
  CHECK(world.said() == "all about p1: alive p1 3 m1\n");
}

TEST_CASE("port 0 stands for our own bind port, also in what is passed on") {
  World world;
  world.alive("p1", {.incarnation = 1, .address = "192.0.2.1:0"});
  CHECK(world.record("p1").port == 7946);
  const auto& broadcast = std::get<Broadcast>(world.out.front());
  CHECK(wire::decode_alive(ByteView(broadcast.message).subspan(1))->port == 7946);
}

TEST_CASE("who has no versions, or such as do not fit ours, is refused and counted") {
  World world;
  world.alive("p0");  // fits
  world.said();
  for (const Bytes& versions :
       {Bytes{}, Bytes{1, 5}, Bytes{1, 5, 2, 2, 5}, Bytes{1, 1, 1, 2, 5, 5},
        Bytes{3, 5, 3, 2, 5, 5}, Bytes{1, 9, 9, 2, 5, 5}, Bytes{1, 5, 2, 2, 4, 4},
        Bytes{1, 5, 2, 6, 9, 6}, Bytes{1, 5, 2, 2, 9, 9}}) {
    CAPTURE(versions.size());
    const std::uint64_t before = world.counters.dropped_for(Drop::BadVersions);
    world.alive("p1", {.incarnation = 1, .address = {}, .meta = "m0", .versions = versions});
    CHECK(world.counters.dropped_for(Drop::BadVersions) == before + 1);
    // Nor does one that we know become so.
    world.alive("p0", {.incarnation = 2, .address = {}, .meta = "m1", .versions = versions});
    CHECK(world.counters.dropped_for(Drop::BadVersions) == before + 2);
  }
  CHECK(world.said().empty());
  CHECK_FALSE(world.table.find("p1").has_value());
  CHECK(world.record("p0").incarnation == 1);
}

TEST_CASE("a claim about ourselves without versions is refuted: others may have believed it") {
  World world;
  world.alive("me", {.incarnation = 4, .address = "192.0.2.100", .meta = "m0", .versions = {}});
  CHECK(world.said() == "all about me: alive me 5 m0\n");
}

TEST_CASE("versions that Serf believes count as none and are not passed on: 0.9.4 would crash") {
  World world(serf_config());
  world.alive("p1", {.incarnation = 1, .address = {}, .meta = "m0", .versions = {1, 5, 2, 2, 5}});
  CHECK(world.state("p1") == SwimState::Alive);
  CHECK(world.record("p1").versions == kNoVersions);
  const auto& broadcast = std::get<Broadcast>(world.out.front());
  CHECK(wire::decode_alive(ByteView(broadcast.message).subspan(1))->versions.empty());
}

TEST_CASE("versions that make no range are refused and counted") {
  World world;
  for (const Bytes& versions : {Bytes{0, 5, 2, 2, 5, 5}, Bytes{1, 0, 2, 2, 5, 5},
                                Bytes{3, 2, 2, 2, 5, 5}, Bytes{0, 5, 2}}) {
    world.alive("p1", {.incarnation = 1, .address = {}, .meta = "m0", .versions = versions});
  }
  CHECK(world.said().empty());
  CHECK_FALSE(world.table.find("p1").has_value());
  CHECK(world.counters.dropped_for(Drop::BadVersions) == 4);
}

TEST_CASE("claims with an impossible name, address or meta are malformed and change nothing") {
  World world;
  const Bytes short_address = {192, 0, 2};
  const Bytes nowhere = {0, 0, 0, 0};
  const Bytes somewhere = {192, 0, 2, 1};
  const std::string long_name(kMaxNameBytes + 1, 'p');
  const std::string long_meta(wire::kMaxMetaBytes + 1, 'm');
  wire::Alive claim{.incarnation = 1,
                    .node = "p1",
                    .address = somewhere,
                    .port = 7946,
                    .meta = {},
                    .versions = World::kVersions};
  const auto refused = [&](const wire::Alive& bad) {
    const std::uint64_t before = world.counters.dropped_for(Drop::Malformed);
    world.swim.receive(world.now, bad, world.out);
    return world.counters.dropped_for(Drop::Malformed) == before + 1 && world.out.empty();
  };
  wire::Alive bad = claim;
  bad.node = "";
  CHECK(refused(bad));
  bad.node = long_name;
  CHECK(refused(bad));
  bad = claim;
  bad.address = short_address;
  CHECK(refused(bad));
  bad.address = nowhere;
  CHECK(refused(bad));
  bad.address = {};
  CHECK(refused(bad));
  bad = claim;
  bad.meta = as_bytes(long_meta);
  CHECK(refused(bad));
  world.suspect("", 1, "p2");
  world.dead("me", 1, long_name);
  CHECK(world.counters.dropped_for(Drop::Malformed) == 8);
  CHECK(world.said().empty());
  CHECK(world.table.size() == 1);
  CHECK_FALSE(refused(claim));
}

TEST_CASE(
    "incarnations that jump beyond reason, or are 0 for a new node, are refused and counted") {
  World world;
  world.alive("p1", {.incarnation = 0});
  world.alive("p1", {.incarnation = (1U << 31) + 1});
  CHECK_FALSE(world.table.find("p1").has_value());
  world.alive("p1", {.incarnation = 5});
  world.said();
  world.alive("p1", {.incarnation = (1U << 31) + 6});
  world.suspect("p1", kLast, "p2");
  world.dead("p1", kLast, "p2");
  world.suspect("me", kLast, "p2");
  CHECK(world.said().empty());
  CHECK(world.record("p1").incarnation == 5);
  CHECK(world.counters.dropped_for(Drop::Implausible) == 6);
}

TEST_CASE("a full table refuses new names, counts them, and still hears about known ones") {
  Config config;
  config.max_members = 2;
  World world(config);
  world.alive("p1");
  world.alive("p2");
  CHECK(world.said() == "all about p1: alive p1 1 m0\njoined p1\n");
  CHECK(world.counters.dropped_for(Drop::TableFull) == 1);
  world.dead("p1", 1, "p1");
  CHECK(world.said() == "all about p1: dead p1 1 from p1\ngone p1\n");
}

TEST_CASE("a living member at another address is a conflict, even if the claim is old") {
  World world;
  world.alive("p1", {.incarnation = 5});
  world.said();
  world.alive("p1", {.incarnation = 1, .address = "192.0.2.9"});
  CHECK(world.said() == "conflict p1 192.0.2.9:7946\ncheck 1 of 192.0.2.1:7946\n");
  CHECK(world.logged.empty());  // who hears of the conflict says it, once in a while
  world.alive("p1", {.incarnation = 9, .address = "192.0.2.1:7000"});
  CHECK(world.said() == "conflict p1 192.0.2.1:7000\n");
  CHECK(world.counters.conflicts == 2);
  CHECK(world.record("p1").incarnation == 5);
}

TEST_CASE("a dead member is back at once from another address, though it counts from 1 again") {
  World world;
  world.alive("p1", {.incarnation = 5});
  world.dead("p1", 5, "p2");
  world.said();
  world.alive("p1", {.incarnation = 1, .address = "192.0.2.9"});
  CHECK(world.said() == "all about p1: alive p1 1 m0\njoined p1\n");
  CHECK(world.logged ==
        "memberlist: Updating address for left or failed node p1 from 192.0.2.1:7946 to "
        "192.0.2.9:7946\n");
  CHECK(world.record("p1").address() == address_of("192.0.2.9"));
}

TEST_CASE("from its old address a dead member needs a higher incarnation") {
  World world;
  world.alive("p1", {.incarnation = 5});
  world.dead("p1", 5, "p2");
  world.said();
  world.alive("p1", {.incarnation = 5});
  CHECK(world.said().empty());
  world.alive("p1", {.incarnation = 6});
  CHECK(world.said() == "all about p1: alive p1 6 m0\njoined p1\n");
}

TEST_CASE("Serf's way: a dead member's new address is a conflict, a left one's is taken") {
  World world(serf_config());
  world.alive("p1");
  world.alive("p2");
  world.dead("p1", 1, "p2");
  world.dead("p2", 1, "p2");
  world.said();
  world.alive("p1", {.incarnation = 2, .address = "192.0.2.9"});
  CHECK(world.said() == "conflict p1 192.0.2.9:7946\n");
  world.alive("p2", {.incarnation = 1, .address = "192.0.2.8"});
  CHECK(world.said() == "all about p2: alive p2 1 m0\njoined p2\n");
}

TEST_CASE("both forms of one IPv4 address are the same place, kept and passed on as they came") {
  const std::string mapped = "[::ffff:192.0.2.1]:7946";
  World world;
  world.alive("p1");
  world.said();
  world.alive("p1", {.incarnation = 2, .address = mapped});
  CHECK(world.record("p1").ip.bytes().size() == 16);
  const auto& broadcast = std::get<Broadcast>(world.out.front());
  CHECK(wire::decode_alive(ByteView(broadcast.message).subspan(1))->address.size() == 16);
  CHECK(world.said() == "all about p1: alive p1 2 m0\n");

  World serf(serf_config());
  serf.alive("p1");
  serf.said();
  serf.alive("p1", {.incarnation = 2, .address = mapped});
  CHECK(serf.said() == "conflict p1 192.0.2.1:7946\n");
}

TEST_CASE("a suspected member is passed on, and dead when nobody has refuted in time") {
  World world;
  world.alive("p1");
  world.said();
  world.suspect("p1", 1, "p2");
  CHECK(world.said() == "all about p1: suspect p1 1 from p2\n");
  CHECK(world.state("p1") == SwimState::Suspect);
  CHECK(world.swim.live_count() == 2);
  CHECK(world.counters.suspicions == 1);
  // Two nodes: nobody could confirm, so it lasts 4 × 1 s. Our own probes meanwhile are left out.
  world.freeze(milliseconds(3999));
  world.swim.advance(world.now, world.out);
  CHECK(world.state("p1") == SwimState::Suspect);
  world.said();
  world.pass(milliseconds(1));
  CHECK(world.said() == "all about p1: dead p1 1 from me\ngone p1\n");
  CHECK(world.logged ==
        "memberlist: Marking p1 as failed, suspect timeout reached (0 peer confirmations)\n");
  CHECK(world.state("p1") == SwimState::Dead);
  CHECK(world.swim.live_count() == 1);
}

TEST_CASE("each new accuser is passed on and shortens the suspicion") {
  World world;
  populate(world);
  world.suspect("p1", 1, "p2");
  world.said();
  world.suspect("p1", 1, "p2");
  CHECK(world.said().empty());
  world.suspect("p1", 1, "p3");
  CHECK(world.said() == "all about p1: suspect p1 1 from p3\n");
  world.suspect("p1", 1, "somebody");
  world.suspect("p1", 1, "too many");
  CHECK(world.said() == "all about p1: suspect p1 1 from somebody\n");
  CHECK(world.counters.suspicions == 1);
  // Two confirmations of two: the shortest time, 4 s, instead of 24 s.
  world.freeze(seconds(4));
  world.swim.advance(world.now, world.out);
  CHECK(world.state("p1") == SwimState::Dead);
}

TEST_CASE("a higher incarnation ends the suspicion; the old one does not") {
  World world;
  world.alive("p1");
  world.suspect("p1", 1, "p2");
  world.said();
  world.alive("p1", {.incarnation = 1});
  CHECK(world.state("p1") == SwimState::Suspect);
  world.alive("p1", {.incarnation = 2});
  CHECK(world.said() == "all about p1: alive p1 2 m0\n");
  CHECK(world.state("p1") == SwimState::Alive);
  world.suspect("p1", 1, "p2");
  world.dead("p1", 1, "p2");
  CHECK(world.said().empty());
  world.freeze(seconds(60));
  world.swim.advance(world.now, world.out);
  CHECK(world.logged.find("Marking") == std::string::npos);
  CHECK(world.state("p1") == SwimState::Alive);
}

TEST_CASE("dead said by the member itself means left; who is gone is not declared gone again") {
  World world;
  world.alive("p1");
  world.alive("p2");
  world.said();
  world.dead("p1", 1, "p1");
  world.dead("p2", 1, "p1");
  CHECK(world.said() ==
        "all about p1: dead p1 1 from p1\ngone p1\nall about p2: dead p2 1 from p1\ngone p2\n");
  CHECK(world.state("p1") == SwimState::Left);
  CHECK(world.state("p2") == SwimState::Dead);
  world.dead("p1", 2, "p2");
  world.dead("p2", 2, "p2");
  world.suspect("p2", 2, "p1");
  CHECK(world.said().empty());
}

TEST_CASE("nobody suspects or buries whom he does not know") {
  World world;
  world.suspect("p1", 1, "p2");
  world.dead("p1", 1, "p1");
  CHECK(world.said().empty());
  CHECK(world.table.size() == 1);
}

TEST_CASE("what only the Serf layer remembers is a new node to this one") {
  World world;
  const members::Index index = world.table.insert("p1").value();
  world.table.at(index).status = MemberStatus::Failed;
  world.table.at(index).incarnation = 7;
  world.suspect("p1", 7, "p2");
  world.dead("p1", 7, "p2");
  CHECK(world.said().empty());
  world.alive("p1");
  CHECK(world.said() == "all about p1: alive p1 1 m0\njoined p1\n");
  CHECK(world.table.find("p1") == index);
  CHECK(world.record("p1").status == MemberStatus::Failed);
}

}  // namespace
}  // namespace gossip::swim
