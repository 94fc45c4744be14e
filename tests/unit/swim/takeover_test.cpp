#include "swim/takeover.h"

#include <string>

#include <doctest/doctest.h>

#include "unit/swim/world.h"

namespace gossip::swim {
namespace {

using members::SwimState;

// p1 lives at 192.0.2.1 with incarnation 5.
void populate_two(World& world) {
  world.alive("p1", {.incarnation = 5});
  world.alive("p2");
  world.out.clear();
}

void row(World& world, std::string_view name, std::string_view address) {
  const Address at = address_of(address);
  const wire::NodeState row{.name = name,
                            .address = at.ip.bytes(),
                            .port = at.port,
                            .meta = as_bytes("m0"),
                            .incarnation = 9,
                            .state = wire::NodeStateKind::Alive,
                            .versions = World::kVersions};
  world.swim.merge(world.now, std::span(&row, 1), world.out);
}

void checked(World& world, std::uint32_t id, Listener listener) {
  world.swim.address_checked(world.now, id, listener, world.out);
}

TEST_CASE("a living member whose old address refuses has moved, though it counts from 1 again") {
  World world;
  populate_two(world);
  world.alive("p1", {.incarnation = 1, .address = "192.0.2.9", .meta = "m1"});
  CHECK(world.said() == "conflict p1 192.0.2.9:7946\ncheck 1 of 192.0.2.1:7946\n");
  checked(world, 1, Listener::None);
  CHECK(world.said() == "all about p1: alive p1 1 m1\nupdated p1\n");
  CHECK(
      world.logged ==
      "memberlist: Updating address for p1 from 192.0.2.1:7946, where nobody listens any more, to "
      "192.0.2.9:7946\n");
  CHECK(world.record("p1").address() == address_of("192.0.2.9"));
  CHECK(world.record("p1").incarnation == 1);
}

TEST_CASE("a move without other news is an update too, and ends a suspicion") {
  World world;
  populate_two(world);
  world.suspect("p1", 5, "p2");
  world.alive("p1", {.incarnation = 1, .address = "192.0.2.9"});
  world.out.clear();
  checked(world, 1, Listener::None);
  CHECK(world.said() == "all about p1: alive p1 1 m0\nupdated p1\n");
  CHECK(world.state("p1") == SwimState::Alive);
  world.pass(seconds(1));
  CHECK(world.state("p1") == SwimState::Alive);
}

TEST_CASE(
    "whose old address answers, or says nothing, has not moved; it is asked again after a rest") {
  World world;
  populate_two(world);
  world.alive("p1", {.incarnation = 9, .address = "192.0.2.9"});
  world.out.clear();
  checked(world, 1, Listener::Unknown);
  CHECK(world.said().empty());
  CHECK(world.record("p1").address() == address_of("192.0.2.1"));
  world.alive("p1", {.incarnation = 9, .address = "192.0.2.9"});
  CHECK(world.said() == "conflict p1 192.0.2.9:7946\n");
  world.freeze(Takeover::kRest);
  world.alive("p1", {.incarnation = 9, .address = "192.0.2.9"});
  CHECK(world.said() == "conflict p1 192.0.2.9:7946\ncheck 2 of 192.0.2.1:7946\n");
}

TEST_CASE("one check at a time, of the newest claim of the first address") {
  World world;
  populate_two(world);
  world.alive("p1", {.incarnation = 1, .address = "192.0.2.9"});
  world.alive("p1", {.incarnation = 2, .address = "192.0.2.9"});
  world.alive("p1", {.incarnation = 3, .address = "192.0.2.10"});
  CHECK(world.said() ==
        "conflict p1 192.0.2.9:7946\ncheck 1 of 192.0.2.1:7946\nconflict p1 192.0.2.9:7946\n"
        "conflict p1 192.0.2.10:7946\n");
  checked(world, 1, Listener::None);
  CHECK(world.said() ==
        "all about p1: alive p1 2 m0\nupdated p1\nconflict p1 192.0.2.10:7946\ncheck 2 of "
        "192.0.2.9:7946\n");
  checked(world, 1, Listener::None);
  CHECK(world.said().empty());
}

TEST_CASE("a claim of a second address waits until the first one's check and rest are over") {
  World world;
  populate_two(world);
  world.alive("p1", {.incarnation = 9, .address = "192.0.2.9"});
  checked(world, 1, Listener::Unknown);
  world.alive("p1", {.incarnation = 1, .address = "192.0.2.10"});
  world.alive("p1", {.incarnation = 2, .address = "192.0.2.10", .meta = "m2"});
  world.out.clear();
  SUBCASE("the member is still held to live at the old address, which is asked again") {
    world.pass(Takeover::kRest);
    CHECK(world.said().find("check 2 of 192.0.2.1:7946\n") != std::string::npos);
    checked(world, 2, Listener::None);
    CHECK(world.said() == "all about p1: alive p1 2 m2\nupdated p1\n");
    CHECK(world.record("p1").address() == address_of("192.0.2.10"));
  }
  SUBCASE("it has died meanwhile: the claim is that of whoever comes back") {
    world.dead("p1", 5, "p2");
    world.out.clear();
    world.pass(Takeover::kRest);
    CHECK(world.said().find("all about p1: alive p1 2 m2\njoined p1\n") != std::string::npos);
    CHECK(world.record("p1").address() == address_of("192.0.2.10"));
  }
  SUBCASE("it has left meanwhile: it says itself when it is back") {
    world.dead("p1", 5, "p1");
    world.out.clear();
    world.pass(Takeover::kRest);
    CHECK(world.state("p1") == SwimState::Left);
  }
  SUBCASE("it has moved there meanwhile: nothing is left to ask") {
    world.dead("p1", 5, "p2");
    world.alive("p1", {.incarnation = 2, .address = "192.0.2.10", .meta = "m2"});
    world.out.clear();
    world.pass(Takeover::kRest);
    const std::string said = world.said();
    CHECK(said.find("check") == std::string::npos);
    CHECK(said.find("conflict") == std::string::npos);
  }
}

TEST_CASE("a claim of a second address waits on while the first one's check has no answer") {
  World world;
  populate_two(world);
  world.alive("p1", {.incarnation = 9, .address = "192.0.2.9"});
  world.alive("p1", {.incarnation = 2, .address = "192.0.2.10"});
  world.out.clear();
  world.pass(Takeover::kRest);
  CHECK(world.said().find("check") == std::string::npos);
  checked(world, 1, Listener::Unknown);
  world.alive("p1", {.incarnation = 6});  // nobody answers our probes here
  world.pass(Takeover::kRest);
  CHECK(world.said().find("check 2 of 192.0.2.1:7946\n") != std::string::npos);
}

TEST_CASE("a push/pull never moves a living member") {
  World world;
  populate_two(world);
  row(world, "p1", "192.0.2.9");
  CHECK(world.said() == "conflict p1 192.0.2.9:7946\n");
}

TEST_CASE("what happened during the check decides") {
  World world;
  populate_two(world);
  world.alive("p1", {.incarnation = 1, .address = "192.0.2.9"});
  SUBCASE("it died: whoever comes first takes the name as that of any dead member") {
    world.dead("p1", 5, "p2");
    world.out.clear();
    checked(world, 1, Listener::None);
    CHECK(world.said().empty());
  }
  SUBCASE("it died and came back elsewhere") {
    world.dead("p1", 5, "p2");
    world.alive("p1", {.incarnation = 1, .address = "192.0.2.8"});
    world.out.clear();
    checked(world, 1, Listener::None);
    CHECK(world.said().empty());
    CHECK(world.record("p1").address() == address_of("192.0.2.8"));
  }
}

TEST_CASE("a claim with an incarnation beyond reason is not asked about") {
  World world;
  populate_two(world);
  world.alive("p1", {.incarnation = 0xF0000000, .address = "192.0.2.9"});
  CHECK(world.said() == "conflict p1 192.0.2.9:7946\n");
  CHECK(world.counters.dropped_for(Drop::Implausible) == 1);
}

TEST_CASE("many contested names: so many checks a second, and no more") {
  World world;
  for (int i = 1; i <= 40; ++i)
    world.alive("p" + std::to_string(i));
  world.out.clear();
  for (int i = 1; i <= 40; ++i)
    world.alive("p" + std::to_string(i), {.incarnation = 2, .address = "192.0.2.99"});
  std::size_t checks = 0;
  for (const Output& output : world.out)
    checks += std::holds_alternative<AddressCheck>(output) ? 1 : 0;
  CHECK(checks == static_cast<std::size_t>(Takeover::kChecksPerSecond));
}

TEST_CASE("Serf's way: no check, and our own name is contested at once") {
  World world([] {
    Config config;
    config.dead_member_address = DeadMemberAddress::KeepOld;
    return config;
  }());
  populate_two(world);
  world.alive("p1", {.incarnation = 1, .address = "192.0.2.9"});
  CHECK(world.said() == "conflict p1 192.0.2.9:7946\n");
  world.alive("me", {.incarnation = 1, .address = "192.0.2.9"});
  CHECK(world.said() == "conflict me 192.0.2.9:7946\ncontested by 192.0.2.9:7946\n");
}

TEST_CASE("our own name: we ask the other address first, and contest it if that does not refuse") {
  World world;
  populate_two(world);
  row(world, "me", "192.0.2.9");
  CHECK(world.said() == "conflict me 192.0.2.9:7946\ncheck 1 of 192.0.2.9:7946\n");
  SUBCASE("somebody may be there") {
    checked(world, 1, Listener::Unknown);
    CHECK(world.said() == "contested by 192.0.2.9:7946\n");
  }
  SUBCASE("it was our former self: our incarnation rises above its own") {
    checked(world, 1, Listener::None);
    CHECK(world.said() == "all about me: alive me 10 m0\n");
  }
  SUBCASE("we are leaving") {
    world.swim.leave(world.now, {}, world.out);
    world.out.clear();
    checked(world, 1, Listener::Unknown);
    CHECK(world.said().empty());
  }
  row(world, "me", "192.0.2.9");
  CHECK(world.said().find("check") == std::string::npos);  // once a minute
}

}  // namespace
}  // namespace gossip::swim
