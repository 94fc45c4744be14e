#include "swim/probe.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "unit/swim/world.h"

namespace gossip::swim {
namespace {

using members::SwimState;

Config config_with_helpers(std::uint32_t count) {
  Config config;
  config.timing.indirect_checks = count;
  return config;
}

// One other node, p1; helpers only where a test adds them.
struct Probing : World {
  explicit Probing(const Config& settings = {}) : World(settings) {
    alive("p1");
    out.clear();
  }
  // Up to the moment of the first probe.
  std::string first_probe() {
    pass(seconds(1));
    return said();
  }
};

TEST_CASE(
    "no timer runs while nobody else is there, and probes begin on the tick when somebody is") {
  World world;
  CHECK_FALSE(world.swim.next_deadline().has_value());
  world.freeze(milliseconds(2300));
  world.alive("p1");
  CHECK(world.swim.next_deadline() == world.now + milliseconds(700));
}

TEST_CASE("each interval one ping; its ack is a round trip and improves our health") {
  Probing world;
  world.suspect("me", 1, "p1");
  CHECK(world.swim.health_score() == 1);
  world.said();
  CHECK(world.first_probe() == "to 192.0.2.1:7946: ping 1 p1 and more\n");
  world.freeze(milliseconds(20));
  world.ack(1);
  CHECK(world.said() == "round-trip p1 20 ms\n");
  CHECK(world.swim.health_score() == 0);
  CHECK(world.counters.probes == 1);
  CHECK(world.counters.round_trips.all.sum == milliseconds(20));
  CHECK(world.counters.probe_times.sum == milliseconds(20));
  CHECK(world.swim.next_deadline() == world.now + milliseconds(980));
  world.pass(milliseconds(980));
  CHECK(world.said() == "to 192.0.2.1:7946: ping 2 p1 and more\n");
}

TEST_CASE("our pings say where their answers go") {
  Probing world;
  world.pass(seconds(1));
  const auto& send = std::get<Send>(world.out.front());
  const wire::Ping ping = wire::decode_ping(ByteView(send.messages[0]).subspan(1)).value();
  CHECK(IpAddress::from_bytes(ping.source.address) == world.local.advertised.ip);
  CHECK(ping.source.port == 7946);
  CHECK(ping.source.node == "me");
  CHECK(send.member == world.table.find("p1"));
}

TEST_CASE("a silent member: helpers and TCP after 500 ms, suspicion at the end of the interval") {
  Probing world;
  world.first_probe();
  world.pass(milliseconds(499));
  CHECK(world.said().empty());
  world.pass(milliseconds(1));
  CHECK(world.said() == "stream to 192.0.2.1:7946: ping 1 p1 for 500 ms\n");
  CHECK(world.logged == "memberlist: Failed ping: p1 (timeout reached)\n");
  world.freeze(milliseconds(500));
  world.swim.advance(world.now, world.out);
  CHECK(world.said() ==
        "all about p1: suspect p1 1 from me\n"
        "to 192.0.2.1:7946: ping 2 p1, suspect p1 1 from me alone\n");
  CHECK(world.logged == "memberlist: Suspect p1 has failed, no acks received\n");
  CHECK(world.counters.probes_failed == 1);
  CHECK(world.state("p1") == SwimState::Suspect);
  // No helper, no nack: the failure itself counts against us.
  CHECK(world.swim.health_score() == 1);
}

TEST_CASE(
    "helpers are living members but the target, at most IndirectChecks, asked under one number") {
  Probing world(config_with_helpers(2));
  world.first_probe();
  for (const char* name : {"p2", "p3", "p4", "p5"}) {
    world.alive(name);
  }
  world.dead("p4", 1, "p4");
  world.suspect("p5", 1, "p2");
  world.said();
  world.pass(milliseconds(500));
  std::string said = world.said();
  CHECK(said.find("to 192.0.2.2:7946: indirect-ping 1 p1 nack and more") != std::string::npos);
  CHECK(said.find("to 192.0.2.3:7946: indirect-ping 1 p1 nack and more") != std::string::npos);
  CHECK(std::count(said.begin(), said.end(), '\n') == 3);
}

TEST_CASE("a relayed ack ends the probe at once, feeds no coordinate, and counts as success") {
  Probing world;
  world.alive("p2");
  world.suspect("me", 1, "p2");
  world.said();
  world.first_probe();
  world.pass(milliseconds(600));
  world.said();
  world.ack(1);
  CHECK(world.said().empty());
  CHECK(world.swim.health_score() == 0);
  CHECK(world.swim.next_deadline() == world.now + milliseconds(400));
}

TEST_CASE("a failed probe with helpers costs as much health as nacks are missing") {
  for (std::uint32_t nacks : {0U, 1U, 2U, 5U}) {
    CAPTURE(nacks);
    World world;
    for (const char* name : {"p1", "p2", "p3"}) {
      world.alive(name);
    }
    world.pass(milliseconds(1500));
    for (std::uint32_t i = 0; i < nacks; ++i) {
      world.nack(1);
    }
    world.nack(99);
    world.freeze(milliseconds(500));
    world.swim.advance(world.now, world.out);
    CHECK(world.counters.probes_failed == 1);
    CHECK(world.swim.health_score() == (nacks < 2 ? 2 - nacks : 0));
  }
}

TEST_CASE("old helpers are asked for no nack, old targets not over TCP") {
  World world;
  world.alive("p1", {.incarnation = 1, .address = {}, .meta = "", .versions = {1, 2, 2, 2, 5, 5}});
  world.pass(seconds(1));
  world.alive("p2", {.incarnation = 1, .address = {}, .meta = "", .versions = {1, 3, 2, 2, 5, 5}});
  world.said();
  world.pass(milliseconds(500));
  CHECK(world.said() == "to 192.0.2.2:7946: indirect-ping 1 p1 and more\n");
}

TEST_CASE(
    "an answer over TCP saves the member at the end of the interval, not before, with a warning") {
  Probing world;
  world.first_probe();
  world.pass(milliseconds(600));
  world.said();
  world.swim.stream_ping_answered(world.now, 1);
  CHECK(world.said().empty());
  world.freeze(milliseconds(400));
  world.swim.advance(world.now, world.out);
  CHECK(world.said() == "to 192.0.2.1:7946: ping 2 p1 and more\n");
  CHECK(world.logged ==
        "memberlist: Was able to connect to p1 but other probes failed, network may be "
        "misconfigured\n");
  CHECK(world.state("p1") == SwimState::Alive);
}

TEST_CASE("a refusal starts the indirect part at once, without a verdict") {
  Probing world;
  world.first_probe();
  world.freeze(milliseconds(1));
  world.swim.packet_refused(world.now, address_of("192.0.2.7"), world.out);
  CHECK(world.said().empty());
  world.swim.packet_refused(world.now, address_of("192.0.2.1"), world.out);
  CHECK(world.said() == "stream to 192.0.2.1:7946: ping 1 p1 for 999 ms\n");
  world.swim.packet_refused(world.now, address_of("192.0.2.1"), world.out);
  CHECK(world.said().empty());
  CHECK(world.state("p1") == SwimState::Alive);
  CHECK(world.swim.next_deadline() == world.now + milliseconds(999));
}

TEST_CASE("a suspected member is told in the ping, alone in its packet, so that it can refute") {
  Probing world;
  world.suspect("p1", 1, "p2");
  world.said();
  CHECK(world.first_probe() == "to 192.0.2.1:7946: ping 1 p1, suspect p1 1 from me alone\n");
}

TEST_CASE("a member that is declared dead meanwhile is neither accused nor held against us") {
  Probing world;
  world.alive("p2");
  world.first_probe();
  world.dead("p1", 1, "p1");
  world.dead("p2", 1, "p2");
  world.said();
  world.freeze(milliseconds(500));
  world.swim.advance(world.now, world.out);
  world.freeze(milliseconds(500));
  world.swim.advance(world.now, world.out);
  CHECK(world.said().find("suspect") == std::string::npos);
  CHECK(world.counters.probes_failed == 0);
  CHECK(world.swim.health_score() == 0);
}

TEST_CASE("bad health stretches the interval, and one missed tick is made up for at once") {
  Probing world;
  world.suspect("me", 1, "p1");
  world.suspect("me", 2, "p1");
  CHECK(world.swim.health_score() == 2);
  world.first_probe();
  // The interval is 3 s now: ticks at 1 s and 2 s find the probe running.
  world.pass(milliseconds(500));
  CHECK(world.said() == "stream to 192.0.2.1:7946: ping 1 p1 for 2500 ms\n");
  world.pass(milliseconds(2400));
  world.ack(1);
  world.pass(Duration::zero());
  CHECK(world.said() == "to 192.0.2.1:7946: ping 2 p1 and more\n");
  world.ack(2);
  world.said();
  CHECK(world.swim.next_deadline() == world.now + milliseconds(100));
}

TEST_CASE("after a freeze each timer is looked at once: no burst, and the silent get their time") {
  Probing world;
  world.first_probe();
  world.freeze(seconds(60));
  world.swim.advance(world.now, world.out);
  CHECK(world.said() == "stream to 192.0.2.1:7946: ping 1 p1 for 500 ms\n");
  CHECK(world.state("p1") == SwimState::Alive);
  world.ack(1);
  world.pass(Duration::zero());
  CHECK(world.said() == "to 192.0.2.1:7946: ping 2 p1 and more\n");
  world.ack(2);
  world.said();
  CHECK(world.counters.probes == 2);
  CHECK(world.swim.next_deadline() == world.now + seconds(1));
}

TEST_CASE("acks and nacks of unknown numbers change nothing") {
  Probing world;
  world.first_probe();
  world.ack(7);
  world.nack(7);
  world.swim.stream_ping_answered(world.now, 7);
  CHECK(world.said().empty());
  world.ack(1);
  world.said();
  world.ack(1);
  CHECK(world.said().empty());
}

TEST_CASE("the dead and the left are forgotten after their time, and then no timer runs") {
  World world;
  world.alive("p1");
  world.alive("p2");
  world.dead("p1", 1, "p1");
  world.dead("p2", 1, "p1");
  world.pass(seconds(29));
  CHECK(world.swim.node_count() == 3);
  world.said();
  world.pass(seconds(8));
  std::string said = world.said();
  CHECK(said.find("swept p1") != std::string::npos);
  CHECK(said.find("swept p2") != std::string::npos);
  CHECK(world.state("p1") == SwimState::Absent);
  CHECK(world.swim.node_count() == 1);
  CHECK_FALSE(world.swim.next_deadline().has_value());
  CHECK(world.swim.random_gossip_targets(world.now, 10).empty());
  // Its record is still there (the engine takes it away), but it is a new node.
  world.alive("p1");
  CHECK(world.said() == "all about p1: alive p1 1 m0\njoined p1\n");
}

}  // namespace
}  // namespace gossip::swim
