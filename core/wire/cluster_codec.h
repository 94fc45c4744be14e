// Serf's messages ↔ msgpack (gossip-wire §8.2, §9). As wire/swim_codec.h: total, bounded, views only.
#pragma once

#include <optional>

#include "gossip/bytes.h"
#include "gossip/coordinate.h"

#include "wire/cluster_messages.h"

namespace gossip::wire {

// Each gives the whole Serf message, Serf's type byte first, without memberlist's user byte.
[[nodiscard]] Bytes encode(const JoinIntent& message);
[[nodiscard]] Bytes encode(const LeaveIntent& message);
[[nodiscard]] Bytes encode(const UserEventMessage& message);
[[nodiscard]] Bytes encode(const QueryMessage& message);
[[nodiscard]] Bytes encode(const QueryResponse& message);
[[nodiscard]] Bytes encode(const Relay& message);
[[nodiscard]] Bytes encode(const ConflictResponse& message);
[[nodiscard]] Bytes encode(const KeyRequest& message);
[[nodiscard]] Bytes encode(const KeyResponse& message);
[[nodiscard]] Bytes encode(const ClusterState& state);

// Each takes the bytes after Serf's type byte.
[[nodiscard]] std::optional<JoinIntent> decode_join_intent(ByteView body);
[[nodiscard]] std::optional<LeaveIntent> decode_leave_intent(ByteView body);
[[nodiscard]] std::optional<UserEventMessage> decode_user_event(ByteView body);
[[nodiscard]] std::optional<QueryMessage> decode_query(ByteView body);
[[nodiscard]] std::optional<QueryResponse> decode_query_response(ByteView body);
[[nodiscard]] std::optional<Relay> decode_relay(ByteView body);
[[nodiscard]] std::optional<KeyRequest> decode_key_request(ByteView body);
[[nodiscard]] std::optional<KeyResponse> decode_key_response(ByteView body);
[[nodiscard]] std::optional<ClusterState> decode_cluster_state(ByteView body);
// The answer "I know no such member" is a conflict response that holds nothing.
struct ConflictAnswer {
  std::optional<ConflictResponse> member;
};
[[nodiscard]] Bytes encode(const ConflictAnswer& answer);
[[nodiscard]] std::optional<ConflictAnswer> decode_conflict_response(ByteView body);

// Filters, with their type byte: 0 names, 1 tag.
enum class FilterType : std::uint8_t { Nodes = 0, Tag = 1 };
[[nodiscard]] Bytes encode(const NodeFilter& filter);
[[nodiscard]] Bytes encode(const TagFilter& filter);
[[nodiscard]] std::optional<NodeFilter> decode_node_filter(ByteView body);
[[nodiscard]] std::optional<TagFilter> decode_tag_filter(ByteView body);

// The payload of an ack: version byte 1, then the coordinate (gossip-wire §11.4). Nothing on any other
// version, another dimension, or a figure that is not finite.
[[nodiscard]] Bytes encode_ack_payload(const Coordinate& coordinate);
[[nodiscard]] std::optional<Coordinate> decode_ack_payload(ByteView payload);

}  // namespace gossip::wire
