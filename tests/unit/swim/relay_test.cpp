#include "swim/relay.h"

#include <string>

#include <doctest/doctest.h>

#include "unit/swim/world.h"

namespace gossip::swim {
namespace {

struct Request {
  std::uint32_t sequence = 70;
  std::string target = "192.0.2.2";
  std::string node = "p2";
  bool nack = true;
};

// p1 asks.
void ask(World& world, const Request& request) {
  const Address target = address_of(request.target);
  const Address source = address_of("192.0.2.1");
  world.swim.receive(
      world.now, source,
      wire::IndirectPing{
          .sequence = request.sequence,
          .target = target.ip.bytes(),
          .port = target.port,
          .node = request.node,
          .nack = request.nack,
          .source = {.address = source.ip.bytes(), .port = source.port, .node = "p1"}},
      world.out);
}

Config config_with(const Timing& profile) {
  Config config;
  config.timing = profile;
  return config;
}

struct Relaying : World {
  explicit Relaying(const Config& settings = {}) : World(settings) {
    alive("p1");
    alive("p2");
    out.clear();
  }
};

TEST_CASE(
    "a relayed ping has a number of ours, its ack goes back with the asker's and no payload") {
  Relaying world;
  ask(world, {});
  CHECK(world.said() == "to 192.0.2.2:7946: ping 1 p2 and more\n");
  const Bytes payload = {1, 2, 3};
  world.swim.receive(world.now, address_of("192.0.2.2"),
                     wire::Ack{.sequence = 1, .payload = payload}, world.out);
  CHECK(world.said() == "to 192.0.2.1:7946: ack 70 and more\n");
  world.ack(1);
  CHECK(world.said().empty());
  world.pass(milliseconds(900));
  CHECK(world.said().empty());
}

TEST_CASE("a silent target gets its asker a nack after 80 % of the time left: 400 ms on lan") {
  Relaying world;
  ask(world, {});
  world.said();
  world.pass(milliseconds(399));
  CHECK(world.said().empty());
  world.pass(milliseconds(1));
  CHECK(world.said() == "to 192.0.2.1:7946: nack 70 and more\n");
}

TEST_CASE("the nack comes after 1.6 s on wan and after ProbeTimeout, 200 ms, on local") {
  Relaying wan(config_with(Timing::wan()));
  ask(wan, {});
  CHECK(wan.swim.next_deadline() == wan.now + milliseconds(1600));
  Relaying local(config_with(Timing::local()));
  ask(local, {});
  CHECK(local.swim.next_deadline() == local.now + milliseconds(200));
}

TEST_CASE("an ack that comes after the nack is still passed on, but not after a whole interval") {
  Relaying world;
  ask(world, {.sequence = 70});
  world.pass(milliseconds(950));
  world.said();
  world.ack(1);
  CHECK(world.said() == "to 192.0.2.1:7946: ack 70 and more\n");
  ask(world, {.sequence = 71});
  world.said();
  world.freeze(seconds(1));
  world.ack(2);
  CHECK(world.said().empty());
}

TEST_CASE("who wants no nack gets none") {
  Relaying world;
  ask(world, {.sequence = 70, .target = "192.0.2.2", .node = "p2", .nack = false});
  world.said();
  world.pass(milliseconds(900));
  CHECK(world.said().empty());
}

TEST_CASE("only members at their own addresses are pinged for others") {
  Relaying world;
  ask(world, {.sequence = 1, .target = "192.0.2.2", .node = "nobody"});
  ask(world, {.sequence = 2, .target = "198.51.100.7", .node = "p2"});
  ask(world, {.sequence = 3, .target = "192.0.2.2:53", .node = "p2"});
  CHECK(world.said().empty());
  CHECK(world.counters.dropped_for(Drop::UnknownTarget) == 3);
  ask(world, {.sequence = 4, .target = "192.0.2.2:0", .node = "p2"});
  CHECK(world.said() == "to 192.0.2.2:7946: ping 1 p2 and more\n");
}

TEST_CASE("the same request twice makes one ping and one answer") {
  Relaying world;
  ask(world, {});
  ask(world, {});
  CHECK(world.said() == "to 192.0.2.2:7946: ping 1 p2 and more\n");
  world.pass(milliseconds(500));
  CHECK(world.said() == "to 192.0.2.1:7946: nack 70 and more\n");
}

TEST_CASE("at most 1024 pings are pending for others; their time over, there is room again") {
  Relaying world;
  for (std::uint32_t i = 0; i < 1030; ++i) {
    ask(world, {.sequence = i});
  }
  CHECK(world.out.size() == Relay::kMaxPending);
  CHECK(world.counters.dropped_for(Drop::RateLimited) == 6);
  world.out.clear();
  world.freeze(seconds(1));
  ask(world, {.sequence = 5000});
  CHECK(world.said() == "to 192.0.2.2:7946: ping 1025 p2 and more\n");
}

}  // namespace
}  // namespace gossip::swim
