#include "gossip/engine.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "base/rng.h"
#include "engine/complaints.h"
#include "engine/inspection.h"
#include "unit/engine/lone.h"
#include "wire/cluster_codec.h"
#include "wire/keyring.h"
#include "wire/packet.h"
#include "wire/stream.h"
#include "wire/swim_codec.h"

namespace gossip {
namespace {

Bytes random_bytes(base::Rng& rng, std::size_t most) {
  Bytes bytes(static_cast<std::size_t>(rng.uniform(most + 1)));
  for (std::uint8_t& byte : bytes)
    byte = static_cast<std::uint8_t>(rng.next());
  return bytes;
}

std::uint64_t dropped(const Stats& stats) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : stats.counters.dropped)
    sum += count;
  return sum;
}

TEST_CASE(
    "random packets change no state, and each kind of trouble is logged at most once in a while") {
  Lone node;
  base::Rng rng({7});
  for (int i = 0; i < 20'000; ++i) {
    node.engine->receive_packet(kStart, kStranger, random_bytes(rng, 200), node.out);
  }
  CHECK(node.engine->members().size() == 1);
  CHECK(node.engine->stats().counters.packets_received == 20'000);
  CHECK(dropped(node.engine->stats()) > 10'000);
  CHECK(count<Log>(node.out) <= static_cast<std::size_t>(Drop::Count));
}

TEST_CASE("random bytes on streams end them and change no state") {
  Lone node;
  base::Rng rng({8});
  for (int i = 0; i < 5'000; ++i) {
    const StreamId id = node.engine->accept_stream(kStart, kStranger, node.out);
    node.engine->receive_stream(kStart, id, random_bytes(rng, 100), node.out);
    node.engine->stream_ended(kStart, id, StreamEnd::Closed, node.out);
  }
  CHECK(node.engine->members().size() == 1);
  CHECK(node.engine->stats().gauges.open_streams == 0);
}

// The first line that is logged of input that was dropped.
std::string complaint(const Effects& effects) {
  constexpr std::string_view kDropped = "memberlist: dropped input from ";
  for (const Effect& effect : effects) {
    const auto* log = std::get_if<Log>(&effect);
    if (log != nullptr && log->text.starts_with(kDropped)) return log->text.substr(kDropped.size());
  }
  return "";
}

TEST_CASE("input that is dropped is named after the member that has the address") {
  Lone node;
  TimePoint now = kStart;
  const auto at = [](std::uint8_t host, std::uint16_t port) {
    return Address{IpAddress::v4({127, 0, 0, host}), port};
  };
  // Garbage in a packet, or on a stream from this address, long after the last.
  const auto packet = [&](const Address& from) {
    now += engine::Complaints::kRest;
    node.out.clear();
    const std::array<std::uint8_t, 3> garbage{200, 1, 2};
    node.engine->receive_packet(now, from, garbage, node.out);
    return complaint(node.out);
  };
  const auto stream = [&](const Address& from) {
    now += engine::Complaints::kRest;
    node.out.clear();
    const StreamId id = node.engine->accept_stream(now, from, node.out);
    const std::array<std::uint8_t, 3> garbage{200, 1, 2};
    node.engine->receive_stream(now, id, garbage, node.out);
    return complaint(node.out);
  };
  CHECK(packet(at(5, 7946)).starts_with("127.0.0.5:7946: "));
  node.engine->receive_packet(now, kStranger,
                              alive("five", std::array<std::uint8_t, 4>{127, 0, 0, 5}), node.out);
  CHECK(packet(at(5, 7946)).starts_with("five (127.0.0.5:7946): "));
  CHECK(stream(at(5, 41234)).starts_with("five (127.0.0.5:41234): "));
  CHECK(stream(at(1, 41234)).starts_with("127.0.0.1:41234: "));  // where we are ourselves
  node.engine->receive_packet(now, kStranger,
                              alive("5th", std::array<std::uint8_t, 4>{127, 0, 0, 5}), node.out);
  CHECK(stream(at(5, 41234)).find(" (127.0.0.5:41234): ") == std::string::npos);  // which of both?
}

TEST_CASE("who left is remembered until it is reaped, and not longer") {
  Lone node;
  const auto knows = [&](std::string_view name) {
    return engine::Inspection::members(*node.engine).find(name).has_value();
  };
  for (const auto& [name, host] : {std::pair<std::string_view, std::uint8_t>{"b", 2}, {"c", 3}}) {
    node.engine->receive_packet(
        kStart, kStranger, alive(name, std::array<std::uint8_t, 4>{127, 0, 0, host}), node.out);
  }
  const wire::Dead leave{.incarnation = 1, .node = "b", .from = "b"};
  node.engine->receive_packet(kStart, kStranger, wire::encode(leave), node.out);
  TimePoint now = kStart;
  while (now < kStart + std::chrono::minutes(1)) {  // swept meanwhile
    now += std::chrono::milliseconds(100);
    node.engine->advance(now, node.out);
    node.engine->receive_packet(now, kStranger,
                                alive("c", std::array<std::uint8_t, 4>{127, 0, 0, 3}), node.out);
  }
  CHECK(knows("b"));
  REQUIRE(node.engine->force_leave(now, "b", Prune::Yes, node.out).has_value());
  CHECK_FALSE(knows("b"));
}

TEST_CASE("equal seeds and inputs give equal effects") {
  const auto run = [](std::uint8_t seed) {
    Lone node({}, seed);
    const Address contact{IpAddress::v4({127, 0, 0, 2}), kDefaultPort};
    (void)node.engine->join(kStart, std::span(&contact, 1), Replay::IgnoreOld, node.out);
    Bytes sent;
    for (std::uint8_t host = 2; host < 30; ++host) {
      const std::string name = "m" + std::to_string(host);
      const std::array<std::uint8_t, 4> ip{127, 0, 0, host};
      node.engine->receive_packet(kStart, kStranger, alive(name, ip), node.out);
    }
    for (int second = 1; second < 20; ++second) {
      node.engine->advance(kStart + std::chrono::seconds(second), node.out);
    }
    for (const Effect& effect : node.out) {
      if (const auto* packet = std::get_if<SendPacket>(&effect)) {
        sent.insert(sent.end(), packet->to.ip.bytes().begin(), packet->to.ip.bytes().end());
        sent.insert(sent.end(), packet->datagram.begin(), packet->datagram.end());
      }
    }
    return sent;
  };
  const Bytes first = run(1);
  CHECK(first.size() > 1'000);
  CHECK(first == run(1));
  CHECK(first != run(2));
}

TEST_CASE("a lone node sets no timer") {
  Lone node;
  node.engine->advance(kStart + std::chrono::minutes(5), node.out);
  CHECK_FALSE(node.engine->next_deadline().has_value());
}

TEST_CASE("a full table refuses further names and counts them") {
  Config config;
  config.max_members = 8;
  Lone node(config);
  for (std::uint8_t host = 2; host < 40; ++host) {
    const std::string name = "m" + std::to_string(host);
    const std::array<std::uint8_t, 4> ip{127, 0, 0, host};
    node.engine->receive_packet(kStart, kStranger, alive(name, ip), node.out);
  }
  CHECK(node.engine->members().size() == 8);
  CHECK(node.engine->stats().counters.dropped_for(Drop::TableFull) == 31);
}

// Between the first two exchanges of an engine that knows `others` members.
Duration push_pull_pause(std::uint8_t others) {
  Config config;
  config.timing.probe_interval = std::chrono::hours(1);  // else probes open streams too
  Lone node(config);
  for (std::uint8_t host = 0; host < others; ++host) {
    const std::string name = "m" + std::to_string(host);
    const std::array<std::uint8_t, 4> ip{127, 0, 1, host};
    node.engine->receive_packet(kStart, kStranger, alive(name, ip), node.out);
  }
  std::vector<TimePoint> exchanges;
  while (exchanges.size() < 2) {
    node.out.clear();
    const TimePoint now = node.engine->next_deadline().value();
    node.engine->advance(now, node.out);
    if (count<OpenStream>(node.out) > 0) exchanges.push_back(now);
  }
  return exchanges[1] - exchanges[0];
}

TEST_CASE("33 members exchange their states half as often as 32") {
  CHECK(push_pull_pause(31) == std::chrono::seconds(30));
  CHECK(push_pull_pause(32) == std::chrono::seconds(60));
}

TEST_CASE("with a key, plaintext and other keys' packets are dropped before anything is parsed") {
  Config config;
  config.encryption_keys = {Bytes(16, 1)};
  Lone node(config);
  const Bytes ping = wire::encode(wire::Ping{.sequence = 1, .node = {}, .source = {}});
  node.engine->receive_packet(kStart, kStranger, ping, node.out);
  CHECK(count<SendPacket>(node.out) == 0);
  CHECK(node.engine->stats().counters.dropped_for(Drop::Undecryptable) == 1);

  wire::Keyring ring;
  REQUIRE(ring.add(Bytes(16, 1)).has_value());
  const wire::Cipher cipher(ring);
  CountedNonces nonces;
  const ByteView message = ping;
  const Bytes sealed =
      wire::seal_packet(std::span(&message, 1), wire::Crc::Off,
                        {.label = {}, .compression = Compression::Off, .cipher = &cipher}, nonces);
  node.engine->receive_packet(kStart, kStranger, sealed, node.out);
  CHECK(count<SendPacket>(node.out) == 1);
  CHECK(node.engine->stats().gauges.packets_sealed == 1);
}

TEST_CASE("what one message of a packet brings is told before the next one is looked at") {
  static constexpr std::array<std::uint8_t, 4> kIp{127, 0, 0, 2};
  const Bytes member = alive("b", kIp);
  const Bytes event = user_message(
      wire::encode(wire::UserEventMessage{.time = 3, .name = "deploy", .payload = {}}));
  CountedNonces nonces;
  for (const bool member_first : {true, false}) {
    Lone node;
    const std::array<ByteView, 2> parts = member_first ? std::array<ByteView, 2>{member, event}
                                                       : std::array<ByteView, 2>{event, member};
    node.engine->receive_packet(kStart, kStranger,
                                wire::seal_packet(parts, wire::Crc::Off, {}, nonces), node.out);
    std::vector<bool> about_members;
    for (const Effect& effect : node.out) {
      if (const auto* published = std::get_if<Publish>(&effect)) {
        about_members.push_back(std::holds_alternative<MemberEvent>(published->event));
      }
    }
    CHECK(about_members == std::vector<bool>{member_first, !member_first});
  }
}

TEST_CASE("tags beyond the limit are refused and change nothing") {
  Lone node;
  const Expected<void> refused =
      node.engine->set_tags(kStart, {{"k", std::string(600, 'x')}}, node.out);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::TooLarge);
  CHECK(node.engine->tags().empty());
  CHECK(node.engine->member("a")->tags.empty());
  CHECK(node.engine->set_tags(kStart, {{"role", "web"}}, node.out).has_value());
  CHECK(node.engine->member("a")->tags == Tags{{"role", "web"}});
}

TEST_CASE("leaving alone is over at once, and a second leave is a success") {
  Lone node;
  REQUIRE(node.engine->leave(kStart, node.out).has_value());
  node.engine->advance(kStart, node.out);
  CHECK(count<Finish>(node.out) == 1);
  CHECK(node.engine->member("a")->status == MemberStatus::Left);
  node.out.clear();
  REQUIRE(node.engine->leave(kStart, node.out).has_value());
  CHECK(count<Finish>(node.out) == 1);
  const Address contact = kStranger;
  const Expected<OpId> join =
      node.engine->join(kStart, std::span(&contact, 1), Replay::IgnoreOld, node.out);
  REQUIRE_FALSE(join.has_value());
  CHECK(join.error().code == ErrorCode::WrongState);
}

TEST_CASE("a push/pull whose protocol versions do not fit is refused as a whole, and counted") {
  Lone node;
  static constexpr std::array<std::uint8_t, 4> kIp{127, 0, 0, 2};
  static constexpr std::array<std::uint8_t, 6> kFromTheFuture{9, 9, 9, 2, 5, 5};
  wire::PushPull theirs;
  theirs.nodes.push_back({.name = "b",
                          .address = kIp,
                          .port = kDefaultPort,
                          .meta = {},
                          .incarnation = 1,
                          .state = wire::NodeStateKind::Alive,
                          .versions = kFromTheFuture});
  const StreamId id = node.engine->accept_stream(kStart, kStranger, node.out);
  node.engine->receive_stream(kStart, id, wire::encode(theirs), node.out);
  CHECK(node.engine->members().size() == 1);
  CHECK(node.engine->stats().counters.dropped_for(Drop::BadVersions) == 1);
  CHECK(node.engine->stats().counters.push_pulls == 0);
  CHECK(count<Log>(node.out) == 2);  // who asked, and what is wrong
}

TEST_CASE("the damaged rest of a packet is counted, and the messages before it are taken") {
  Lone node;
  const Bytes ping = wire::encode(wire::Ping{.sequence = 1, .node = "a", .source = {}});
  const ByteView part = ping;
  CountedNonces nonces;
  Bytes compound = wire::seal_packet(std::array{part, part}, wire::Crc::Off, {}, nonces);
  compound.pop_back();
  node.engine->receive_packet(kStart, kStranger, compound, node.out);
  CHECK(count<SendPacket>(node.out) == 1);
  CHECK(node.engine->stats().counters.dropped_for(Drop::Truncated) == 1);
}

TEST_CASE("a node that leaves keeps its tags") {
  Lone node;
  REQUIRE(node.engine->leave(kStart, node.out).has_value());
  const Expected<void> refused = node.engine->set_tags(kStart, {{"role", "web"}}, node.out);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::WrongState);
  CHECK(node.engine->tags().empty());
}

TEST_CASE("an empty join is over at once") {
  Lone node;
  REQUIRE(node.engine->join(kStart, {}, Replay::IgnoreOld, node.out).has_value());
  REQUIRE(count<Finish>(node.out) == 1);
}

}  // namespace
}  // namespace gossip
