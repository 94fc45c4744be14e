// Decoding each message, and the filters of queries.
#include <string>

#include "bench/engine_scene.h"
#include "bench/micro/measure.h"
#include "cluster/query_filter.h"
#include "wire/cluster_codec.h"
#include "wire/swim_codec.h"

namespace gossip::bench {

namespace {

const Bytes kPayload(100, 'x');
const std::array<std::uint8_t, 4> kIp = {10, 0, 0, 1};

// A message with its type byte, and the decoder of what stands behind it.
template <typename Decode>
void decode(benchmark::State& state, const Bytes& message, Decode decoder) {
  const ByteView body = ByteView(message).subspan(1);
  if (!decoder(body).has_value()) std::abort();
  measure(state, [&] { benchmark::DoNotOptimize(decoder(body)); });
}

const wire::Source kSource{.address = kIp, .port = kDefaultPort, .node = "member-1"};

BENCHMARK_CAPTURE(decode, ping,
                  wire::encode(wire::Ping{.sequence = 9, .node = "member-2", .source = kSource}),
                  wire::decode_ping);
BENCHMARK_CAPTURE(decode, indirect_ping,
                  wire::encode(wire::IndirectPing{.sequence = 9,
                                                  .target = kIp,
                                                  .port = kDefaultPort,
                                                  .node = "member-2",
                                                  .nack = true,
                                                  .source = kSource}),
                  wire::decode_indirect_ping);
BENCHMARK_CAPTURE(decode, ack, wire::encode(wire::Ack{.sequence = 9, .payload = kPayload}),
                  wire::decode_ack);
BENCHMARK_CAPTURE(decode, nack, wire::encode(wire::Nack{.sequence = 9}), wire::decode_nack);
BENCHMARK_CAPTURE(decode, suspect,
                  wire::encode(wire::Suspect{.incarnation = 3, .node = "member-2", .from = "m"}),
                  wire::decode_suspect);
BENCHMARK_CAPTURE(decode, alive, wire::encode(CrowdMember(1).alive()), wire::decode_alive);
BENCHMARK_CAPTURE(decode, dead,
                  wire::encode(wire::Dead{.incarnation = 3, .node = "member-2", .from = "m"}),
                  wire::decode_dead);
BENCHMARK_CAPTURE(decode, join_intent,
                  wire::encode(wire::JoinIntent{.time = 300, .node = "member-2"}),
                  wire::decode_join_intent);
BENCHMARK_CAPTURE(decode, leave_intent,
                  wire::encode(wire::LeaveIntent{.time = 300, .node = "member-2", .prune = false}),
                  wire::decode_leave_intent);
BENCHMARK_CAPTURE(decode, user_event,
                  wire::encode(wire::UserEventMessage{
                      .time = 300, .name = "deploy", .payload = kPayload, .coalesce = false}),
                  wire::decode_user_event);
BENCHMARK_CAPTURE(decode, query,
                  wire::encode(wire::QueryMessage{.time = 300,
                                                  .id = 7,
                                                  .address = kIp,
                                                  .port = kDefaultPort,
                                                  .source_node = "member-1",
                                                  .filters = {},
                                                  .flags = 0,
                                                  .relay_factor = 0,
                                                  .timeout_ns = 1,
                                                  .name = "uptime",
                                                  .payload = kPayload}),
                  wire::decode_query);
BENCHMARK_CAPTURE(decode, query_response,
                  wire::encode(wire::QueryResponse{
                      .time = 300, .id = 7, .from = "member-1", .flags = 0, .payload = kPayload}),
                  wire::decode_query_response);

const std::vector<std::string> kNames = {"member-1", "member-2"};
const Tags kTags = {{"role", "^web-[0-9]+$"}};

void filter_read(benchmark::State& state) {
  const std::vector<Bytes> encoded = cluster::encode_filters(kNames, kTags);
  const std::vector<ByteView> filters(encoded.begin(), encoded.end());
  cluster::PatternCache patterns;
  measure(state, [&] { benchmark::DoNotOptimize(cluster::QueryFilter::read(filters, patterns)); });
}
BENCHMARK(filter_read);

void filter_match(benchmark::State& state) {
  cluster::PatternCache patterns;
  const auto filter = cluster::QueryFilter::make(kNames, kTags, patterns);
  const Tags tags = {{"role", "web-12"}, {"dc", "east"}};
  measure(state, [&] { benchmark::DoNotOptimize(filter->matches("member-2", tags)); });
}
BENCHMARK(filter_match);

}  // namespace

}  // namespace gossip::bench
