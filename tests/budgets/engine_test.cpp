// What the engine may need for a packet, a member, a quiet minute: whoever changes these figures knows why.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include <doctest/doctest.h>

#include "bench/allocations.h"
#include "bench/engine_scene.h"
#include "wire/cluster_codec.h"
#include "wire/packet.h"
#include "wire/swim_codec.h"

namespace gossip::bench {
namespace {

// Of what a packet makes the engine do the second time: the first fills tables and buffers.
std::uint64_t allocations_of(EngineScene& scene, const Bytes& packet) {
  const Address from = CrowdMember(1).address();
  const auto receive = [&] {
    const std::uint64_t before = allocations().count;
    scene.engine->receive_packet(scene.now, from, packet, scene.out);
    scene.carry_out();
    return allocations().count - before;
  };
  receive();
  return receive();
}

TEST_CASE("a packet costs few allocations") {
  EngineScene scene(50);
  const Bytes payload(100, 'x');
  Bytes event = wire::encode(
      wire::UserEventMessage{.time = 5, .name = "deploy", .payload = payload, .coalesce = false});
  event.insert(event.begin(), static_cast<std::uint8_t>(wire::MessageType::User));
  const Bytes ping = wire::encode(wire::Ping{.sequence = 9, .node = "a", .source = {}});
  const std::uint64_t of_ping = allocations_of(scene, packet_of(ping));
  const std::uint64_t of_claim =
      allocations_of(scene, packet_of(wire::encode(CrowdMember(1).alive())));
  const std::uint64_t of_event = allocations_of(scene, packet_of(event));
  CHECK(of_ping <= 3);
  CHECK(of_claim <= 0);
  CHECK(of_event <= 0);
}

TEST_CASE("a known member takes little memory once it has been told of") {
  constexpr std::int64_t kMembers = 10'000;
  const EngineScene nobody(0);
  const std::int64_t before = allocations().live_bytes;
  EngineScene scene(kMembers);
  scene.out.shrink_to_fit();  // the host's
  const std::int64_t each = (allocations().live_bytes - before) / kMembers;
  CHECK(each <= 220);
}

TEST_CASE("a backlog of news leaves within half a minute") {
  const EngineScene scene(2'000);
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(scene.now - TimePoint{}).count();
  CHECK(seconds <= 30);
}

struct Minute {
  int wakeups = 0;
  int packets = 0;
  std::size_t bytes = 0;
};

// A minute among `others` that answer each ping, and ping us as often.
Minute quiet_minute(std::size_t others) {
  Config config;
  config.timing.push_pull_interval = std::chrono::hours(1);
  EngineScene scene(others, config);
  Minute minute;
  const TimePoint end = scene.now + std::chrono::minutes(1);
  while (const std::optional<TimePoint> due = scene.engine->next_deadline()) {
    if (*due > end) break;
    scene.now = *due;
    ++minute.wakeups;
    scene.engine->advance(scene.now, scene.out);
    const Effects said = std::exchange(scene.out, {});
    for (const Effect& effect : said) {
      const auto* sent = std::get_if<SendPacket>(&effect);
      if (sent == nullptr) continue;
      ++minute.packets;
      minute.bytes += sent->datagram.size();
      wire::PacketOpener opener;
      const auto parts = opener.open(sent->datagram, {});
      const auto ping = wire::decode_ping(parts.value().front().subspan(1));
      if (!ping) continue;
      const wire::Ack ack{.sequence = ping->sequence, .payload = {}};
      scene.engine->receive_packet(scene.now, sent->to, packet_of(wire::encode(ack)), scene.out);
    }
    scene.carry_out();
  }
  return minute;
}

TEST_CASE("in a quiet minute the engine wakes for its probes") {
  for (const std::size_t others : {std::size_t{1}, std::size_t{50}}) {
    CAPTURE(others);
    const Minute minute = quiet_minute(others);
    // Among fifty some were suspected while nobody answered yet.
    CHECK(minute.wakeups <= 66);
    CHECK(minute.packets <= 75);
    CHECK(minute.bytes <= 6'500);
  }
}

}  // namespace
}  // namespace gossip::bench
