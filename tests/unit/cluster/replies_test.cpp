#include "cluster/replies.h"

#include <string>

#include <doctest/doctest.h>

#include "cluster/queries.h"
#include "unit/cluster/scene.h"

namespace gossip::cluster {
namespace {

const IpAddress kStranger = IpAddress::v4({203, 0, 113, 5});
const IpAddress kQ = IpAddress::v4({192, 0, 2, 2});  // who joins first after us

wire::QueryMessage question(std::uint32_t id, const IpAddress& from) {
  wire::QueryMessage query;
  query.time = 5;
  query.id = id;
  query.address = from.bytes();
  query.port = 7946;
  query.source_node = "q";
  query.flags = wire::kQueryAckWanted;
  query.timeout_ns = 3'200'000'000;
  query.name = "uptime";
  return query;
}

// Receives a query and ends the turn; its token.
QueryToken ask(Scene& scene, const wire::QueryMessage& query) {
  CHECK(scene.receive(wire::encode(query)) == Verdict::Taken);
  QueryToken token = 0;
  for (const Output& output : scene.out) {
    const auto* published = std::get_if<Published>(&output);
    if (published == nullptr) continue;
    if (const auto* asked = std::get_if<Query>(&published->event)) token = asked->token;
  }
  scene.pass({});
  return token;
}

std::size_t sent(Scene& scene) {
  std::size_t count = 0;
  for (const Output& output : scene.out)
    count += std::holds_alternative<SendDirect>(output) ? 1U : 0U;
  scene.said();
  return count;
}

TEST_CASE("an ack leaves at the end of the turn, an answer when it is given, once") {
  Scene scene;
  scene.join("q");
  scene.said();
  const QueryToken token = ask(scene, question(1, kQ));
  CHECK(scene.said() ==
        Lines{"asked uptime: by q", "queries << query uptime 5", "192.0.2.2:7946 << ack of me"});
  CHECK(scene.cluster.respond(scene.now, token, as_bytes("up"), scene.out));
  CHECK(scene.said() == Lines{"192.0.2.2:7946 << response of me"});
  const Expected<void> again = scene.cluster.respond(scene.now, token, as_bytes("up"), scene.out);
  CHECK(again.error().message == "response already sent");
  CHECK(scene.said().empty());
}

TEST_CASE("who declines in the same turn says so in the ack, later in a second one") {
  Scene scene;
  scene.join("q");
  scene.said();
  CHECK(scene.receive(wire::encode(question(1, kQ))) == Verdict::Taken);
  scene.cluster.decline(scene.now, 1, scene.out);
  scene.pass({});
  CHECK(scene.said().back() == "192.0.2.2:7946 << ack of me, no answer");
  const QueryToken later = ask(scene, question(2, kQ));
  CHECK(scene.said().back() == "192.0.2.2:7946 << ack of me");
  scene.cluster.decline(scene.now, later, scene.out);
  scene.cluster.decline(scene.now, later, scene.out);
  CHECK(scene.said() == Lines{"192.0.2.2:7946 << ack of me, no answer"});
  // It may still think better of it.
  CHECK(scene.cluster.respond(scene.now, later, as_bytes("up"), scene.out));
  CHECK(scene.said() == Lines{"192.0.2.2:7946 << response of me"});
}

TEST_CASE("an answer after its time, or beyond the limit, is refused") {
  Scene scene;
  scene.join("q");
  const QueryToken token = ask(scene, question(1, kQ));
  scene.said();
  const Expected<void> large = scene.cluster.respond(scene.now, token, Bytes(1024, 'x'), scene.out);
  CHECK(large.error().message == "response exceeds limit of 1024 bytes");
  scene.now += std::chrono::milliseconds(3201);
  const Expected<void> late = scene.cluster.respond(scene.now, token, as_bytes("up"), scene.out);
  CHECK(late.error().message == "response is past the deadline");
  const Expected<void> unknown = scene.cluster.respond(scene.now, 99, as_bytes("up"), scene.out);
  CHECK(unknown.error().code == ErrorCode::NotFound);
  CHECK(scene.said().empty());
}

TEST_CASE("members get all their acks, an address of nobody's a few") {
  Scene scene;
  scene.join("q");
  for (std::uint32_t id = 0; id < 100; ++id)
    ask(scene, question(id, kQ));
  CHECK(sent(scene) == 100);
  for (std::uint32_t id = 100; id < 200; ++id)
    ask(scene, question(id, kStranger));
  CHECK(sent(scene) == static_cast<std::size_t>(Replies::kToStrangersPerSecond));
  CHECK(scene.drops(Drop::UnknownTarget) ==
        100 - static_cast<std::uint64_t>(Replies::kToStrangersPerSecond));
}

TEST_CASE("a flood of queries gets so many acks a second, whoever asks") {
  Scene scene;
  scene.join("q");
  constexpr auto kBurst = static_cast<std::uint32_t>(Replies::kPerSecond);
  for (std::uint32_t id = 0; id < kBurst + 10; ++id) {
    wire::QueryMessage query = question(id, kQ);
    query.time = 5 + id / Queries::kMaxIdsPerSlot;
    ask(scene, query);
  }
  CHECK(sent(scene) == kBurst);
  CHECK(scene.drops(Drop::RateLimited) == 10);
}

TEST_CASE("a query without an address is answered to nobody") {
  Scene scene;
  scene.join("q");
  wire::QueryMessage query = question(1, kQ);
  query.port = 0;
  ask(scene, query);
  query.id = 2;
  query.port = 7946;
  query.address = {};
  ask(scene, query);
  CHECK(sent(scene) == 0);
  CHECK(scene.drops(Drop::UnknownTarget) == 2);
}

// Each reply goes to q and is relayed by so many others.
std::size_t copies(Scene& scene, std::uint8_t factor, std::uint32_t id) {
  wire::QueryMessage query = question(id, kQ);
  query.relay_factor = factor;
  scene.said();
  ask(scene, query);
  return sent(scene);
}

TEST_CASE("a reply is relayed by as many others as wanted, at most five") {
  Scene scene;
  for (const char* name : {"q", "r", "s", "t", "u", "v", "w"})
    scene.join(name);
  CHECK(copies(scene, 0, 1) == 1);
  CHECK(copies(scene, 2, 2) == 3);
  CHECK(copies(scene, 255, 3) == 1 + kMaxRelayFactor);
  scene.gone("r");
  scene.gone("s");
  CHECK(copies(scene, 255, 4) == 1 + 5);
  scene.gone("t");
  CHECK(copies(scene, 255, 5) == 1 + 4);  // the living ones but us, q among them
}

TEST_CASE("in a cluster that is too small for it nothing is relayed") {
  Scene scene;
  scene.join("q");
  CHECK(copies(scene, 1, 1) == 2);
  CHECK(copies(scene, 2, 2) == 1);
}

TEST_CASE("an answer that only its envelope makes too large goes directly alone") {
  Scene scene;
  for (const char* name : {"q", "r"})
    scene.join(name);
  wire::QueryMessage query = question(1, kQ);
  query.relay_factor = 1;
  const QueryToken token = ask(scene, query);
  scene.said();
  scene.logged();
  CHECK(scene.cluster.respond(scene.now, token, Bytes(960, 'x'), scene.out));
  CHECK(scene.logged() == Lines{"warn serf: relayed response exceeds limit of 1024 bytes; it goes "
                                "to 'q' directly only"});
  CHECK(scene.said() == Lines{"192.0.2.2:7946 << response of me"});
}

TEST_CASE("of too many open queries the oldest can no longer be answered") {
  AskedQueries asked;
  const TimePoint now{std::chrono::seconds(1)};
  for (QueryToken token = 1; token <= AskedQueries::kMaxOpen + 1; ++token) {
    AskedQuery query;
    query.answer_by = now + std::chrono::hours(1);
    asked.open(now, token, query);
  }
  CHECK(asked.size() == AskedQueries::kMaxOpen);
  CHECK(asked.find(1) == nullptr);
  CHECK(asked.find(2) != nullptr);
}

}  // namespace
}  // namespace gossip::cluster
