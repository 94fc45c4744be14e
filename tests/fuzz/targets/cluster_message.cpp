// wire/cluster_codec: Serf's messages, Serf's type byte first.
#include "fuzz/round_trip.h"
#include "fuzz/targets.h"
#include "wire/cluster_codec.h"

namespace {

using gossip::ByteView;
using gossip::fuzz::check_round_trip;
using gossip::wire::ClusterType;

}  // namespace

void gossip::fuzz::target::cluster_message(ByteView input) {
  if (input.empty()) return;
  const ByteView body = input.subspan(1);
  switch (static_cast<ClusterType>(input[0])) {
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
}
