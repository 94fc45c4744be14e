#include "swim/answers.h"

#include <string>

#include <doctest/doctest.h>

#include "unit/swim/world.h"

namespace gossip::swim {
namespace {

struct Asker {
  std::string packet_from = "192.0.2.1";
  std::string source = "192.0.2.1";  // empty: no source fields
  std::string name = "p1";
};

void ping(World& world, const Asker& asker, std::string_view intended = "me") {
  wire::Ping message{.sequence = 9, .node = intended, .source = {}};
  Address source;
  if (!asker.source.empty()) {
    source = address_of(asker.source);
    message.source = {.address = source.ip.bytes(), .port = source.port, .node = asker.name};
  }
  world.swim.receive(world.now, address_of(asker.packet_from), message, world.out);
}

TEST_CASE("a member's ping is answered with our payload, and broadcasts ride along") {
  World world;
  world.alive("p1");
  world.said();
  const std::string payload = "coordinate";
  world.swim.set_ack_payload({payload.begin(), payload.end()});
  ping(world, {});
  CHECK(std::get<Send>(world.out.front()).member == world.table.find("p1"));
  CHECK(world.said() == "to 192.0.2.1:7946: ack 9 'coordinate' and more\n");
}

TEST_CASE("the answer goes to the member's own address, not to where the packet came from") {
  World world;
  world.alive("p1");
  world.said();
  ping(world, {.packet_from = "192.0.2.200:5555"});
  CHECK(world.said() == "to 192.0.2.1:7946: ack 9 and more\n");
}

TEST_CASE("a ping that names another node is counted and not answered; one that names none is") {
  World world;
  ping(world, {}, "you");
  CHECK(world.said().empty());
  CHECK(world.counters.dropped_for(Drop::NotForUs) == 1);
  ping(world, {.packet_from = "192.0.2.1:5555", .source = ""}, "");
  CHECK(world.said() == "to 192.0.2.1:5555: ack 9 alone\n");
}

TEST_CASE("a stranger is answered where it is, with no payload and no broadcasts") {
  World world;
  const std::string payload = "coordinate";
  world.swim.set_ack_payload({payload.begin(), payload.end()});
  ping(world, {});
  CHECK(world.said() == "to 192.0.2.1:7946: ack 9 alone\n");
}

TEST_CASE("a member's name does not lend its trust to another address") {
  World world;
  world.alive("p1");
  world.said();
  ping(world, {.packet_from = "198.51.100.1", .source = "198.51.100.1"});
  CHECK(world.said() == "to 198.51.100.1:7946: ack 9 alone\n");
}

TEST_CASE(
    "an unknown address inside a ping is obeyed 20 times a second, then the source is answered") {
  World world;
  const Asker forger{.packet_from = "192.0.2.66", .source = "198.51.100.1", .name = "p1"};
  std::string expected;
  for (int i = 0; i < 25; ++i) {
    ping(world, forger);
    expected +=
        i < 20 ? "to 198.51.100.1:7946: ack 9 alone\n" : "to 192.0.2.66:7946: ack 9 alone\n";
  }
  CHECK(world.said() == expected);
  world.freeze(milliseconds(100));
  ping(world, forger);
  ping(world, forger);
  ping(world, forger);
  CHECK(world.said() ==
        "to 198.51.100.1:7946: ack 9 alone\nto 198.51.100.1:7946: ack 9 alone\n"
        "to 192.0.2.66:7946: ack 9 alone\n");
}

TEST_CASE("the 16-byte form of a member's IPv4 address is the member") {
  World world;
  world.alive("p1");
  world.said();
  ping(world, {.packet_from = "192.0.2.1", .source = "[::ffff:192.0.2.1]:7946"});
  CHECK(world.said() == "to 192.0.2.1:7946: ack 9 and more\n");
}

}  // namespace
}  // namespace gossip::swim
