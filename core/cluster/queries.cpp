#include "cluster/queries.h"

#include <algorithm>

#include "cluster/lamport.h"
#include "cluster/replies.h"
#include "wire/cluster_codec.h"

namespace gossip::cluster {

Queries::Queries(const members::Table& table, std::uint32_t slot_count)
    : table_(&table), slot_count_(std::max(slot_count, 1U)) {}

Queries::Outcome Queries::record(LamportTime clock, LamportTime time, std::uint32_t id) {
  if (time < min_time_ || is_beyond_ring(clock, time, slot_count_)) return Outcome::Old;
  Slot& slot = slots_[static_cast<std::uint32_t>(time % slot_count_)];
  if (slot.time != time) slot = Slot{time, {}};
  if (std::ranges::find(slot.ids, id) != slot.ids.end()) return Outcome::Old;
  if (slot.ids.size() >= kMaxIdsPerSlot) return Outcome::Full;
  slot.ids.push_back(id);
  return Outcome::New;
}

void Queries::ignore_before(LamportTime time) {
  min_time_ = std::max(min_time_, time);
}

Queries::Relayed Queries::relay(TimePoint now, const wire::Relay& message) {
  const std::optional<IpAddress> ip = IpAddress::from_bytes(message.address);
  if (!ip || message.message.empty()) return {.send = {}, .why_not = Drop::Malformed};
  if (message.message[0] != static_cast<std::uint8_t>(wire::ClusterType::QueryResponse)) {
    return {.send = {}, .why_not = Drop::UnknownType};
  }
  if (!wire::decode_query_response(message.message.subspan(1))) {
    return {.send = {}, .why_not = Drop::Malformed};
  }
  // The bucket comes before the walk over the members, which costs more than the message itself.
  if (relays_.take(now) == 0) return {.send = {}, .why_not = Drop::RateLimited};
  const Address to{*ip, message.port};
  if (!is_member_at(*table_, message.node, to)) return {.send = {}, .why_not = Drop::UnknownTarget};
  return {.send = SendDirect{to, Bytes(message.message.begin(), message.message.end())},
          .why_not = {}};
}

bool are_well_formed(const std::vector<ByteView>& filters) {
  return std::ranges::all_of(filters, [](ByteView filter) {
    if (filter.empty()) return false;
    const ByteView body = filter.subspan(1);
    switch (static_cast<wire::FilterType>(filter[0])) {
      case wire::FilterType::Nodes: return wire::decode_node_filter(body).has_value();
      case wire::FilterType::Tag: return wire::decode_tag_filter(body).has_value();
    }
    return false;
  });
}

}  // namespace gossip::cluster
