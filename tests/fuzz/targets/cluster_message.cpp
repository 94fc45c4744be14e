// wire/cluster_codec: Serf's messages, Serf's type byte first.
#include "fuzz/entry.h"
#include "fuzz/round_trip.h"
#include "wire/cluster_codec.h"

namespace {

using gossip::ByteView;
using gossip::fuzz::check_round_trip;
using gossip::wire::ClusterType;

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView body = ByteView(data, size).subspan(1);
  switch (static_cast<ClusterType>(data[0])) {
    case ClusterType::Leave: check_round_trip(body, gossip::wire::decode_leave_intent); break;
    case ClusterType::Join: check_round_trip(body, gossip::wire::decode_join_intent); break;
    case ClusterType::PushPull: check_round_trip(body, gossip::wire::decode_cluster_state); break;
    case ClusterType::UserEvent: check_round_trip(body, gossip::wire::decode_user_event); break;
    case ClusterType::Query: check_round_trip(body, gossip::wire::decode_query); break;
    case ClusterType::QueryResponse:
      check_round_trip(body, gossip::wire::decode_query_response);
      break;
    case ClusterType::ConflictResponse:
      check_round_trip(body, gossip::wire::decode_conflict_response);
      break;
    case ClusterType::KeyRequest: check_round_trip(body, gossip::wire::decode_key_request); break;
    case ClusterType::KeyResponse: check_round_trip(body, gossip::wire::decode_key_response); break;
    case ClusterType::Relay: check_round_trip(body, gossip::wire::decode_relay); break;
  }
  return 0;
}
