#include "cluster/queries.h"

#include <chrono>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "unit/cluster/scene.h"

namespace gossip::cluster {
namespace {

const IpAddress kAsker = IpAddress::v4({192, 0, 2, 50});

wire::QueryMessage question(LamportTime time, std::uint32_t id) {
  wire::QueryMessage query;
  query.time = time;
  query.id = id;
  query.address = kAsker.bytes();
  query.port = 7946;
  query.source_node = "asker";
  query.timeout_ns = 3'200'000'000;
  query.name = "uptime";
  return query;
}

// A response of r on its way to `to`.
Bytes relay_message(const IpAddress& to, std::uint16_t port, ByteView inner) {
  wire::Relay relay;
  relay.address = to.bytes();
  relay.port = port;
  relay.node = "q";
  relay.message = inner;
  return wire::encode(relay);
}

Bytes response() {
  wire::QueryResponse answer;
  answer.time = 4;
  answer.id = 7;
  answer.from = "r";
  return wire::encode(answer);
}

TEST_CASE("a query is passed on as it came, once per id") {
  Scene scene;
  const Bytes query = wire::encode(question(5, 1));
  CHECK(scene.receive(query) == Verdict::Taken);
  CHECK(std::get<Broadcast>(scene.out.back()).message == query);
  CHECK(scene.said() == Lines{"asked uptime: by asker", "queries << query uptime 5"});
  CHECK(scene.gauges().query_time == 6);
  CHECK(scene.receive(query) == Verdict::Old);
  CHECK(scene.said().empty());
  CHECK(scene.receive(wire::encode(question(5, 2))) == Verdict::Taken);
}

TEST_CASE("a query that is not to be broadcast stays here") {
  Scene scene;
  wire::QueryMessage query = question(5, 1);
  query.flags = wire::kQueryNoBroadcast;
  CHECK(scene.receive(wire::encode(query)) == Verdict::Taken);
  CHECK(scene.said() == Lines{"asked uptime: by asker"});
  CHECK(scene.receive(wire::encode(query)) == Verdict::Old);
}

TEST_CASE("a query older than the ring reaches is not passed on") {
  Config config;
  config.event_buffer = 8;
  Scene scene(config);
  scene.receive(wire::encode(question(20, 1)));
  scene.said();
  CHECK(scene.receive(wire::encode(question(12, 2))) == Verdict::Old);
  CHECK(scene.receive(wire::encode(question(13, 2))) == Verdict::Taken);
}

TEST_CASE("a query with a filter that others may not survive is dropped") {
  const Bytes empty;
  const Bytes unknown_type{2, 0x80};
  const Bytes cut_names{0, 0x91, 0xa5, 'a'};
  const Bytes no_map{1, 0xa1, 'x'};
  for (const Bytes& filter : {empty, unknown_type, cut_names, no_map}) {
    Scene scene;
    wire::QueryMessage query = question(5, 1);
    const Bytes good = wire::encode(wire::TagFilter{"role", "web.*"});
    query.filters = {good, filter};
    CHECK(scene.receive(wire::encode(query)) == Verdict::Malformed);
    CHECK(scene.gauges().query_time == 1);
    CHECK(scene.said().empty());
  }
}

TEST_CASE("a query whose filters do not match us is passed on all the same") {
  Scene scene;
  wire::QueryMessage query = question(5, 1);
  const Bytes names = wire::encode(wire::NodeFilter{{"somebody else"}});
  const Bytes tag = wire::encode(wire::TagFilter{"role", "(not closed"});
  query.filters = {names, tag};
  CHECK(scene.receive(wire::encode(query)) == Verdict::Taken);
  CHECK(scene.said() == Lines{"queries << query uptime 5"});
}

TEST_CASE("a pattern that RE2 refuses asks nobody here, and is counted") {
  Scene scene;
  wire::QueryMessage query = question(5, 1);
  const Bytes tag = wire::encode(wire::TagFilter{"role", "(?=web)"});
  query.filters = {tag};
  CHECK(scene.receive(wire::encode(query)) == Verdict::Taken);
  CHECK(scene.said() == Lines{"queries << query uptime 5"});
  CHECK(scene.drops(Drop::Malformed) == 1);
}

TEST_CASE("flags that nobody has defined mean nothing") {
  Scene scene;
  wire::QueryMessage query = question(5, 1);
  query.flags = ~(wire::kQueryAckWanted | wire::kQueryNoBroadcast);
  CHECK(scene.receive(wire::encode(query)) == Verdict::Taken);
  scene.pass({});
  CHECK(scene.said() == Lines{"asked uptime: by asker", "queries << query uptime 5"});
}

TEST_CASE("a query from the far future changes nothing") {
  Scene scene;
  CHECK(scene.receive(wire::encode(question(LamportTime{1} << 63, 1))) == Verdict::Old);
  CHECK(scene.drops(Drop::Implausible) == 1);
  CHECK(scene.gauges().query_time == 1);
}

TEST_CASE("a slot takes a bounded number of query ids") {
  Scene scene;
  for (std::uint32_t id = 0; id < Queries::kMaxIdsPerSlot; ++id) {
    CHECK(scene.receive(wire::encode(question(5, id))) == Verdict::Taken);
  }
  scene.said();
  CHECK(scene.receive(wire::encode(question(5, 100'000))) == Verdict::Old);
  CHECK(scene.drops(Drop::TableFull) == 1);
  CHECK(scene.said().empty());
}

TEST_CASE("a response to no query of ours is ignored") {
  Scene scene;
  CHECK(scene.receive(response()) == Verdict::Old);
  CHECK(scene.receive({5, 0xc1}) == Verdict::Malformed);
  CHECK(scene.said().empty());
}

TEST_CASE("a response is relayed, unchanged, to the member that it is for") {
  Scene scene;
  scene.join("q");  // 192.0.2.2:7946
  scene.said();
  const Bytes inner = response();
  const IpAddress q = IpAddress::v4({192, 0, 2, 2});
  CHECK(scene.receive(relay_message(q, 7946, inner)) == Verdict::Taken);
  CHECK(std::get<SendDirect>(scene.out.back()).message == inner);
  CHECK(scene.said() == Lines{"192.0.2.2:7946 << response of r"});
  // Serf bound to 0.0.0.0 gives its address in 16 bytes.
  CHECK(scene.receive(relay_message(q.longest(), 7946, inner)) == Verdict::Taken);
}

TEST_CASE("nothing is relayed to an address that is no member's") {
  Scene scene;
  scene.join("q");
  scene.said();
  const Bytes inner = response();
  CHECK(scene.receive(relay_message(IpAddress::v4({203, 0, 113, 5}), 7946, inner)) == Verdict::Old);
  CHECK(scene.receive(relay_message(IpAddress::v4({192, 0, 2, 2}), 53, inner)) == Verdict::Old);
  CHECK(scene.drops(Drop::UnknownTarget) == 2);
  CHECK(scene.said().empty());
}

TEST_CASE("nothing but a query response is relayed") {
  Scene scene;
  scene.join("q");
  scene.said();
  const IpAddress q = IpAddress::v4({192, 0, 2, 2});
  const Bytes join = wire::encode(wire::JoinIntent{5, "x"});
  CHECK(scene.receive(relay_message(q, 7946, join)) == Verdict::Old);
  CHECK(scene.drops(Drop::UnknownType) == 1);
  const Bytes damaged{5, 0xc1};
  CHECK(scene.receive(relay_message(q, 7946, damaged)) == Verdict::Malformed);
  CHECK(scene.receive(relay_message(q, 7946, {})) == Verdict::Malformed);
  CHECK(scene.said().empty());
}

TEST_CASE("relays are rate-limited") {
  Scene scene;
  scene.join("q");
  const Bytes relay = relay_message(IpAddress::v4({192, 0, 2, 2}), 7946, response());
  for (int i = 0; i < static_cast<int>(Queries::kRelaysPerSecond); ++i) {
    CHECK(scene.receive(relay) == Verdict::Taken);
  }
  CHECK(scene.receive(relay) == Verdict::Old);
  CHECK(scene.drops(Drop::RateLimited) == 1);
  scene.now += std::chrono::milliseconds(10);
  CHECK(scene.receive(relay) == Verdict::Taken);
}

}  // namespace
}  // namespace gossip::cluster
