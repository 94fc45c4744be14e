// Messages that were damaged on purpose: whatever arrives, the layer keeps its own invariants.
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "unit/cluster/scene.h"

namespace gossip::cluster {
namespace {

// One of each kind, with members that the scene knows.
std::vector<Bytes> honest_messages() {
  const Bytes address{192, 0, 2, 2};
  wire::QueryMessage query;
  query.time = 3;
  query.id = 1;
  query.address = address;
  query.port = 7946;
  query.source_node = "q";
  const Bytes names = wire::encode(wire::NodeFilter{{"me", "q"}});
  const Bytes tag = wire::encode(wire::TagFilter{"role", "web.*"});
  query.filters = {names, tag};
  query.flags = wire::kQueryAckWanted;
  query.name = "uptime";

  wire::QueryResponse response;
  response.time = 3;
  response.id = 1;
  response.from = "q";
  const Bytes inner = wire::encode(response);
  wire::Relay relay;
  relay.address = address;
  relay.port = 7946;
  relay.node = "q";
  relay.message = inner;

  wire::ClusterState state;
  state.member_time = 5;
  state.event_time = 6;
  state.query_time = 7;
  state.status_times = {{"me", 1}, {"q", 2}, {"r", 3}};
  state.left_members = {"r"};
  wire::EventSlot slot;
  slot.time = 4;
  slot.events.push_back({"deploy", as_bytes("v2")});
  state.events = {slot, std::nullopt};

  return {wire::encode(wire::JoinIntent{2, "q"}),
          wire::encode(wire::LeaveIntent{3, "q", true}),
          wire::encode(wire::LeaveIntent{3, "me", true}),
          wire::encode(wire::UserEventMessage{4, "deploy", as_bytes("v2"), true}),
          wire::encode(query),
          inner,
          wire::encode(relay),
          wire::encode(state)};
}

void damage(Bytes& message, base::Rng& rng) {
  for (std::uint64_t hits = 1 + rng.uniform(4); hits > 0 && !message.empty(); --hits) {
    const auto at = static_cast<std::size_t>(rng.uniform(message.size()));
    switch (rng.uniform(4)) {
      case 0: message[at] = static_cast<std::uint8_t>(rng.next()); break;
      case 1: message[at] ^= static_cast<std::uint8_t>(1U << rng.uniform(8)); break;
      case 2: message.resize(at); break;
      default: message.insert(message.begin() + static_cast<std::ptrdiff_t>(at), message[at]);
    }
  }
}

TEST_CASE("damaged messages never turn a clock back, nor us out") {
  const std::vector<Bytes> honest = honest_messages();
  Scene scene;
  scene.join("q");
  scene.join("r");
  base::Rng rng({7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
                 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7});
  Gauges before = scene.gauges();
  for (int round = 0; round < 20'000; ++round) {
    Bytes message = honest[static_cast<std::size_t>(rng.uniform(honest.size()))];
    damage(message, rng);
    if (!message.empty() && message[0] == 2) {
      scene.cluster.merge_state(scene.now, message, MergeKind::JoinIgnoringOld, scene.out);
    } else {
      scene.receive(message);
    }
    if (round % 100 == 0) scene.pass(std::chrono::seconds(1));

    const Gauges after = scene.gauges();
    REQUIRE(after.member_time >= before.member_time);
    REQUIRE(after.event_time >= before.event_time);
    REQUIRE(after.query_time >= before.query_time);
    REQUIRE(scene.status("me").starts_with("alive "));
    REQUIRE(scene.table.at(*scene.table.find("me")).status_time < after.member_time);
    before = after;
    scene.out.clear();
  }
}

TEST_CASE("a message that no packet could hold is refused whole") {
  Scene scene;
  const Bytes payload(70'000);
  wire::QueryMessage query;
  query.time = 3;
  query.name = "uptime";
  query.payload = payload;
  CHECK(scene.receive(wire::encode(query)) == Verdict::Old);
  // The limit counts every field, also those that nobody knows.
  Bytes intent = wire::encode(wire::JoinIntent{2, "q"});
  intent[1] = 0x83;
  const Bytes unknown = {0xa1, 'x', 0xda, 0xff, 0xff};
  intent.insert(intent.end(), unknown.begin(), unknown.end());
  intent.resize(intent.size() + 65'535);
  CHECK(scene.receive(intent) == Verdict::Old);
  CHECK(scene.drops(Drop::TooLarge) == 2);
  CHECK(scene.said().empty());
}

TEST_CASE("of queries with patterns so many a second are looked at, and all are passed on") {
  Scene scene;
  const Bytes tag = wire::encode(wire::TagFilter{"role", ".*"});
  for (std::uint32_t id = 0; id < 260; ++id) {
    wire::QueryMessage query;
    query.time = 3 + id / 200;
    query.id = id;
    query.name = "uptime";
    query.filters = {tag};
    CHECK(scene.receive(wire::encode(query)) == Verdict::Taken);
  }
  CHECK(scene.drops(Drop::RateLimited) == 10);
  std::size_t asked = 0;
  std::size_t passed_on = 0;
  for (const std::string& line : scene.said()) {
    if (line.starts_with("asked ")) ++asked;
    if (line.starts_with("queries << ")) ++passed_on;
  }
  CHECK(asked == 250);
  CHECK(passed_on == 260);
}

}  // namespace
}  // namespace gossip::cluster
