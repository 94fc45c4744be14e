// What leaves as a packet and what is queued for it, seen from outside.
#include "engine/outbox.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "unit/engine/lone.h"
#include "wire/cipher.h"
#include "wire/keyring.h"
#include "wire/packet.h"

namespace gossip {
namespace {

TEST_CASE("what fits no packet is not queued, where it could only wait") {
  Lone node;
  node.engine->receive_packet(kStart, kStranger, user_message(query(10'000)), node.out);
  CHECK(node.engine->stats().counters.queries == 1);
  CHECK(node.engine->stats().gauges.query_queue == 0);
  CHECK(node.engine->stats().counters.broadcasts_shed == 1);
}

TEST_CASE("no datagram is longer than memberlist plans with, and the largest events still go") {
  Config config;
  config.user_event_size_limit = kMaxUserEventBytes;
  config.label = "blue";
  config.encryption_keys = {Bytes(16, 1)};
  config.compression = Compression::Off;
  config.timing.probe_interval = std::chrono::hours(1);  // b answers nothing, and shall stay
  Lone node(config);
  wire::Keyring ring;
  REQUIRE(ring.add(Bytes(16, 1)).has_value());
  const wire::Cipher cipher(ring);
  const wire::Wrapping wrapping{
      .label = config.label, .compression = Compression::Off, .cipher = &cipher};
  static constexpr std::array<std::uint8_t, 4> kIp{127, 0, 0, 2};
  const Bytes member = alive("b", kIp);
  const ByteView part = member;
  node.engine->receive_packet(
      kStart, kStranger,
      wire::seal_packet(std::span(&part, 1), wire::Crc::Off, wrapping, node.nonces), node.out);
  TimePoint now = kStart;
  std::size_t longest = 0;
  std::uint64_t unsent = 0;
  for (std::size_t size = 1'290; size < 1'400; ++size) {
    REQUIRE(node.engine->send_event(now, "e", Bytes(size), Coalesce::No, node.out).has_value());
    for (int turn = 0; turn < 40 && node.engine->stats().gauges.event_queue > 0; ++turn) {
      now = std::max(now, node.engine->next_deadline().value());
      node.engine->advance(now, node.out);
    }
    CHECK(node.engine->stats().gauges.event_queue == 0);
    for (const Effect& effect : std::exchange(node.out, {})) {
      const auto* packet = std::get_if<SendPacket>(&effect);
      if (packet != nullptr) longest = std::max(longest, packet->datagram.size());
    }
    unsent = node.engine->stats().counters.broadcasts_shed;
    if (unsent > 0) break;
  }
  CHECK(unsent == 1);
  CHECK(longest > 1'400);
  CHECK(longest <= 1'405);
}

TEST_CASE("a full queue gives up its oldest broadcast, whatever its length") {
  Config config;
  config.max_queue_depth = 2;
  Lone node(config);
  for (const std::size_t size : {300U, 200U, 100U}) {
    REQUIRE(node.engine->send_event(kStart, "e", Bytes(size), Coalesce::No, node.out).has_value());
  }
  CHECK(node.engine->stats().gauges.event_queue == 2);
  CHECK(node.engine->stats().counters.broadcasts_shed == 1);
}

TEST_CASE("a queue of 128 and more is worth a warning in each check, and sets no timer before") {
  Config config;
  config.timing.queue_check_interval = std::chrono::seconds(7);
  Lone node(config);
  for (int i = 0; i < 127; ++i)
    REQUIRE(node.engine->send_event(kStart, "e", Bytes(4), Coalesce::No, node.out).has_value());
  node.engine->advance(kStart + std::chrono::seconds(1), node.out);
  CHECK_FALSE(node.engine->next_deadline().has_value());

  const TimePoint later = kStart + std::chrono::seconds(1);
  REQUIRE(node.engine->send_event(later, "e", Bytes(4), Coalesce::No, node.out).has_value());
  node.out.clear();
  for (int round = 1; round <= 2; ++round) {
    node.engine->advance(later + std::chrono::seconds(7 * round), node.out);
    REQUIRE(count<Log>(node.out) == 1);
    const auto& line = std::get<Log>(node.out.front());
    CHECK(line.level == LogLevel::Warn);
    CHECK(line.text == "serf: Event queue depth: 128");
    node.out.clear();
    CHECK(node.engine->next_deadline() == later + std::chrono::seconds(7 * (round + 1)));
  }
}

// When packets of broadcasts leave while `events` of them are queued, after the first wave.
std::vector<TimePoint> ticks_with(std::size_t events, FirstPush first_push) {
  Config config;
  config.compression = Compression::Off;
  config.first_push = first_push;
  config.timing.probe_interval = std::chrono::hours(1);
  Lone node(config);
  for (std::uint8_t host = 2; host <= 5; ++host) {
    const std::array<std::uint8_t, 4> ip{127, 0, 0, host};
    node.engine->receive_packet(kStart, kStranger, alive("n" + std::to_string(host), ip), node.out);
  }
  TimePoint now = kStart;
  const auto turn = [&] {
    now = std::max(now, node.engine->next_deadline().value());
    node.out.clear();
    node.engine->advance(now, node.out);
  };
  while (node.engine->stats().gauges.swim_queue > 0)
    turn();
  for (std::size_t i = 0; i < events; ++i) {
    REQUIRE(node.engine->send_event(now, "e", Bytes(400), Coalesce::No, node.out).has_value());
  }
  std::vector<TimePoint> ticks;
  while (node.engine->stats().gauges.event_queue > 0) {
    turn();
    if (count<SendPacket>(node.out) > 0) ticks.push_back(now);
  }
  return ticks;
}

TEST_CASE("a backlog makes the ticks come up to six times as often, and Serf's way is its pace") {
  using std::chrono::milliseconds;
  const auto shortest = [](const std::vector<TimePoint>& ticks) {
    Duration pause = Duration::max();
    for (std::size_t i = 1; i < ticks.size(); ++i)
      pause = std::min(pause, ticks[i] - ticks[i - 1]);
    return std::chrono::round<milliseconds>(pause);
  };
  const std::vector<TimePoint> few = ticks_with(2, FirstPush::OnTick);
  CHECK(shortest(few) == milliseconds(200));
  const std::vector<TimePoint> hasty = ticks_with(200, FirstPush::Eager);
  CHECK(shortest(hasty) == milliseconds(33));
  CHECK(hasty.back() - hasty[hasty.size() - 2] == milliseconds(200));
  const std::vector<TimePoint> serfs = ticks_with(200, FirstPush::OnTick);
  CHECK(shortest(serfs) == milliseconds(200));
}

}  // namespace
}  // namespace gossip
