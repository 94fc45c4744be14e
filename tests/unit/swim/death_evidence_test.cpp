#include "swim/death_evidence.h"

#include <optional>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "unit/swim/world.h"

namespace gossip::swim {
namespace {

using members::SwimState;

Config config_with_grace(Duration grace) {
  Config config;
  config.timing.restart_grace = grace;
  return config;
}

// We and some others, of whom p1 is going to die.
struct Dying : World {
  explicit Dying(int others = 3, const Config& settings = {}) : World(settings) {
    for (int i = 1; i <= others; ++i)
      alive("p" + std::to_string(i));
    out.clear();
  }

  // The number of the next ping to p1; the ones before it are answered.
  std::uint32_t ping_to_p1() {
    for (int i = 0; i < 1000; ++i) {
      pass(seconds(1));
      const std::optional<wire::Ping> ping = ping_in(std::exchange(out, {}));
      REQUIRE(ping.has_value());
      if (ping->node == "p1") return ping->sequence;
      answer(ping->sequence, std::string(ping->node));
    }
    FAIL("never pinged");
    return 0;
  }
  // Its views hold until the next call.
  std::optional<wire::Ping> ping_in(Outputs outputs) {
    seen = std::move(outputs);
    for (const Output& output : seen) {
      const auto* send = std::get_if<Send>(&output);
      if (send == nullptr) continue;
      const ByteView message = send->messages.front();
      if (static_cast<wire::MessageType>(message[0]) != wire::MessageType::Ping) continue;
      return wire::decode_ping(message.subspan(1));
    }
    return std::nullopt;
  }
  // An ack from where the member lives.
  void answer(std::uint32_t sequence, const std::string& name) {
    ack_from(sequence, "192.0.2." + name.substr(1));
  }
  void ack_from(std::uint32_t sequence, std::string_view address) {
    swim.receive(now, address_of(address), wire::Ack{.sequence = sequence, .payload = {}}, out);
  }
  void ping_from(std::string_view address, std::string_view name) {
    const Address home = address_of("192.0.2." + std::string(name.substr(1)));
    const wire::Ping ping{
        .sequence = 9, .node = "me", .source = {home.ip.bytes(), home.port, name}};
    swim.receive(now, address_of(address), ping, out);
  }

  // p1 is pinged and its host refuses, by ICMP and by TCP; a second later it is suspected.
  void accuse() {
    const std::uint32_t sequence = ping_to_p1();
    refuse(sequence);
    pass(seconds(1));
    REQUIRE(state("p1") == SwimState::Suspect);
    react(Listener::Unknown);
  }
  void refuse(std::uint32_t sequence) {
    swim.packet_refused(now, address_of("192.0.2.1"), out);
    swim.stream_ping_refused(now, sequence, out);
    for (std::uint32_t helper = 0; helper < nacks; ++helper)
      nack(sequence);
  }

  // Everybody but p1 answers what was said; checks of p1's host end as `listener` says. How many there were.
  int react(Listener listener) {
    int checks = 0;
    Outputs outputs = std::exchange(out, {});
    for (const Output& output : outputs) {
      const auto* check = std::get_if<AddressCheck>(&output);
      if (check == nullptr) continue;
      ++checks;
      CHECK(check->to == address_of("192.0.2.1"));
      swim.address_checked(now, check->id, listener, out);
    }
    const std::optional<wire::Ping> ping = ping_in(std::move(outputs));
    if (ping && others_answer) {
      if (ping->node == "p1" && !p1_is_back) {
        refuse(ping->sequence);
      } else {
        answer(ping->sequence, std::string(ping->node));
      }
    }
    return checks;
  }
  int second(Listener listener) {
    pass(seconds(1));
    return react(listener);
  }

  std::uint32_t nacks = 3;  // of the helpers of each probe of p1
  bool others_answer = true;
  bool p1_is_back = false;
  Outputs seen;
};

TEST_CASE("a suspect whose host refuses connections twice, a restart grace apart, is dead") {
  Dying world;
  world.accuse();
  world.pass(milliseconds(999));
  CHECK(world.said().find("check") == std::string::npos);
  world.pass(milliseconds(1));
  CHECK(world.react(Listener::None) == 1);
  CHECK(world.said().starts_with("all about p1: dead p1 1 from me\ngone p1\n"));
  CHECK(world.logged ==
        "memberlist: Marking p1 as failed, its process has ended (192.0.2.1:7946 has refused "
        "connections for 2.0 s)\n");
  CHECK(world.counters.deaths_proven == 1);
  CHECK(world.counters.evidence_checks == 1);
}

TEST_CASE("where the grace is shorter than a probe, the probe's verdict is waited for") {
  Dying world(3, config_with_grace(milliseconds(100)));
  world.refuse(world.ping_to_p1());
  world.pass(milliseconds(999));
  CHECK(world.react(Listener::None) == 0);
  world.pass(milliseconds(1));
  CHECK(world.react(Listener::None) == 1);
  CHECK(world.state("p1") == SwimState::Dead);
}

TEST_CASE("a grace of zero: Lifeguard alone") {
  Dying world(3, config_with_grace(Duration::zero()));
  world.accuse();
  for (int i = 0; i < 3; ++i)
    CHECK(world.second(Listener::None) == 0);
  CHECK(world.state("p1") == SwimState::Suspect);
}

TEST_CASE("ICMP alone is no refusal, nor is a connection that times out") {
  Dying world;
  const std::uint32_t sequence = world.ping_to_p1();
  world.swim.packet_refused(world.now, address_of("192.0.2.1"), world.out);
  world.nack(sequence);
  for (int i = 0; i < 3; ++i)
    CHECK(world.second(Listener::None) == 0);
  CHECK(world.state("p1") == SwimState::Suspect);
}

TEST_CASE("a check that finds nothing out is made again") {
  Dying world;
  world.accuse();
  CHECK(world.second(Listener::Unknown) == 1);
  CHECK(world.state("p1") == SwimState::Suspect);
  CHECK(world.second(Listener::None) == 1);
  CHECK(world.state("p1") == SwimState::Dead);
}

TEST_CASE("whatever is heard from the member makes the evidence begin anew") {
  Dying world;
  world.accuse();
  SUBCASE("a packet from its address") {
    world.swim.heard_from(address_of("192.0.2.1"));
  }
  SUBCASE("a connection from its host") {
    world.swim.heard_from_host(address_of("192.0.2.1:40000").ip);
  }
  SUBCASE("a ping that names it") {
    world.ping_from("192.0.2.1", "p1");
  }
  CHECK(world.counters.evidence_contradicted == 1);
  CHECK(world.second(Listener::None) == 1);  // the first refusal again
  CHECK(world.second(Listener::None) == 0);
  CHECK(world.state("p1") == SwimState::Suspect);
  CHECK(world.second(Listener::None) == 1);
  CHECK(world.state("p1") == SwimState::Dead);
}

TEST_CASE("others' packets and connections are nobody's sign of life") {
  Dying world;
  world.accuse();
  world.swim.heard_from(address_of("192.0.2.2"));
  world.swim.heard_from(address_of("192.0.2.1:7947"));
  world.swim.heard_from_host(address_of("192.0.2.2").ip);
  CHECK(world.second(Listener::None) == 1);
  CHECK(world.state("p1") == SwimState::Dead);
  CHECK(world.counters.evidence_contradicted == 0);
}

TEST_CASE("an ack or an answer over TCP in the probe takes the refusal back") {
  Dying world;
  const std::uint32_t sequence = world.ping_to_p1();
  world.swim.stream_ping_refused(world.now, sequence, world.out);
  SUBCASE("ack") {
    world.answer(sequence, "p1");
  }
  SUBCASE("TCP") {
    world.swim.packet_refused(world.now, address_of("192.0.2.1"), world.out);
    world.swim.stream_ping_answered(world.now, sequence);
  }
  CHECK(world.counters.evidence_contradicted == 1);
  world.p1_is_back = true;
  for (int i = 0; i < 4; ++i)
    CHECK(world.second(Listener::None) == 0);
  CHECK(world.state("p1") == SwimState::Alive);
}

TEST_CASE("a member that refutes, moves or dies is no case any more, and has no timer") {
  Dying world;
  world.accuse();
  SUBCASE("refuted") {
    world.alive("p1", {.incarnation = 2});
  }
  SUBCASE("dead") {
    world.dead("p1", 1, "p2");
  }
  SUBCASE("left") {
    world.dead("p1", 1, "p1");
  }
  world.p1_is_back = true;
  world.out.clear();
  for (int i = 0; i < 4; ++i)
    CHECK(world.second(Listener::None) == 0);
  CHECK(world.counters.deaths_proven == 0);
}

TEST_CASE("without a nack, another accuser is waited for") {
  Dying world;
  world.nacks = 0;
  world.accuse();
  world.suspect("p1", 1, "zz");  // nobody that we know
  world.suspect("p1", 1, "p1");
  world.out.clear();
  std::string logged;
  // Each probe without nacks costs health, each answered one gives some back.
  for (int i = 0; i < 12 && logged.empty(); ++i) {
    world.second(Listener::None);
    world.said();
    if (world.swim.health_score() == 0) logged = world.logged;
  }
  CHECK(logged.find("which proves nothing yet: nobody else finds it silent\n") !=
        std::string::npos);
  CHECK(world.state("p1") == SwimState::Suspect);
}

TEST_CASE("another accuser is as good as a nack") {
  Dying world(9);
  world.nacks = 0;
  world.accuse();
  world.suspect("p1", 1, "p2");
  world.out.clear();
  // The nacks that did not come have cost our health.
  for (int i = 0; i < 10 && world.swim.health_score() > 0; ++i) {
    CHECK(world.state("p1") == SwimState::Suspect);
    world.second(Listener::None);
  }
  CHECK(world.second(Listener::None) == 1);
  CHECK(world.state("p1") == SwimState::Dead);
}

TEST_CASE("who may be slow itself proves nothing") {
  Dying world(9);
  world.accuse();
  world.suspect("me", 1, "p2");
  world.suspect("me", 2, "p2");
  REQUIRE(world.swim.health_score() == 2);
  CHECK(world.second(Listener::None) == 1);
  CHECK(world.state("p1") == SwimState::Suspect);
  CHECK(world.swim.health_score() == 1);
  CHECK(world.second(Listener::None) == 1);
  CHECK(world.swim.health_score() == 0);
  CHECK(world.state("p1") == SwimState::Suspect);
  CHECK(world.second(Listener::None) == 1);
  CHECK(world.state("p1") == SwimState::Dead);
}

TEST_CASE("who has heard nothing from anybody since proves nothing") {
  Dying world(3, config_with_grace(milliseconds(100)));
  world.accuse();
  world.swim.heard_from(address_of("192.0.2.1"));
  world.others_answer = false;
  CHECK(world.second(Listener::None) == 1);
  CHECK(world.second(Listener::None) == 1);
  CHECK(world.state("p1") == SwimState::Suspect);
  world.said();
  CHECK(world.logged.find("proves nothing yet: nobody else has answered us either\n") !=
        std::string::npos);
}

TEST_CASE("a member behind an address translation takes Lifeguard's time") {
  Dying world;
  SUBCASE("it was known to be") {
    world.ack_from(world.ping_to_p1(), "198.51.100.1");
    world.accuse();
  }
  SUBCASE("another one is, and this one was never heard from") {
    world.accuse();
    world.ping_from("198.51.100.1", "p2");
    world.out.clear();
  }
  CHECK(world.second(Listener::None) == 1);
  CHECK(world.state("p1") == SwimState::Suspect);
  world.said();
  CHECK(world.logged.find("proves nothing yet: its packets come from another address\n") !=
        std::string::npos);
}

TEST_CASE("a member heard from its own address is proven dead, whoever else is translated") {
  Dying world;
  world.answer(world.ping_to_p1(), "p1");
  world.ping_from("198.51.100.1", "p2");
  world.out.clear();
  world.accuse();
  CHECK(world.second(Listener::None) == 1);
  CHECK(world.state("p1") == SwimState::Dead);
}

TEST_CASE("many members silent at once: nothing is proven for a minute") {
  Dying world(12);
  world.accuse();
  for (const char* name : {"p10", "p11", "p12"})
    world.suspect(name, 1, "p2");
  SUBCASE("three beside it are too many") {
    CHECK(world.second(Listener::None) == 1);
    CHECK(world.state("p1") == SwimState::Suspect);
    world.said();
    CHECK(world.logged ==
          "memberlist: 4 of 13 members are silent at once: for a minute, refused connections prove "
          "nobody's death\n");
    CHECK(world.counters.evidence_brakes == 1);
    for (const char* name : {"p10", "p11", "p12"})
      world.alive(name, {.incarnation = 2});
    world.out.clear();
    for (int i = 0; i < 3; ++i)
      CHECK(world.second(Listener::None) == 0);
  }
  SUBCASE("also if they are dead by now") {
    for (const char* name : {"p10", "p11", "p12"})
      world.dead(name, 1, "p2");
    world.out.clear();
    CHECK(world.second(Listener::None) == 1);
    CHECK(world.state("p1") == SwimState::Suspect);
  }
  SUBCASE("two are not") {
    world.alive("p10", {.incarnation = 2});
    world.out.clear();
    CHECK(world.second(Listener::None) == 1);
    CHECK(world.state("p1") == SwimState::Dead);
  }
}

TEST_CASE("in a pair nobody can confirm it: nothing is asked") {
  Dying world(1);
  world.accuse();
  for (int i = 0; i < 2; ++i)
    CHECK(world.second(Listener::None) == 0);
  CHECK(world.state("p1") == SwimState::Suspect);
}

}  // namespace
}  // namespace gossip::swim
