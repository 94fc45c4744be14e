// wire/cluster_codec: the filters of a query, type byte first.
#include "fuzz/entry.h"
#include "fuzz/round_trip.h"
#include "wire/cluster_codec.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gossip::fuzz::check_round_trip;
  if (size == 0) return 0;
  const gossip::ByteView body = gossip::ByteView(data, size).subspan(1);
  switch (static_cast<gossip::wire::FilterType>(data[0])) {
    case gossip::wire::FilterType::Nodes:
      check_round_trip(body, gossip::wire::decode_node_filter);
      break;
    case gossip::wire::FilterType::Tag:
      check_round_trip(body, gossip::wire::decode_tag_filter);
      break;
  }
  return 0;
}
