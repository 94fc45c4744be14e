// wire/cluster_codec and cluster/query_filter: one filter of a query, type byte first. It survives its own encoding,
// and no pattern takes more than its share of time or memory.
#include "cluster/query_filter.h"
#include "fuzz/round_trip.h"
#include "fuzz/targets.h"
#include "wire/cluster_codec.h"

void gossip::fuzz::target::filter(ByteView input) {
  cluster::PatternCache patterns;
  const auto filter = cluster::QueryFilter::read({input}, patterns);
  if (filter) {
    const Tags tags{{"role", std::string(400, 'a')}, {"", "\xff"}};
    (void)filter->matches("self", tags);
    (void)filter->matches("", {});
  }
  if (input.empty()) return;
  const ByteView body = input.subspan(1);
  switch (static_cast<wire::FilterType>(input[0])) {
    case wire::FilterType::Nodes: check_round_trip(body, wire::decode_node_filter); break;
    case wire::FilterType::Tag: check_round_trip(body, wire::decode_tag_filter); break;
    default: GOSSIP_CHECK(!filter);
  }
}
