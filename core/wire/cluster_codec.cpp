#include "wire/cluster_codec.h"

#include "base/msgpack.h"
#include "wire/cluster_fields.h"

namespace gossip::wire {

using base::msgpack::Flavour;
using base::msgpack::Writer;

namespace {

void write_slot(Writer& writer, const EventSlot& slot) {
  writer.write_map(2);
  writer.write("Events");
  writer.write_list(slot.events.size());
  for (const SlotEvent& event : slot.events) {
    writer.write_map(2);
    writer.field("Name", event.name);
    write_nullable(writer, "Payload", event.payload);
  }
  writer.field("LTime", slot.time);
}

}  // namespace

Bytes encode(const JoinIntent& message) {
  Bytes out = begin_message(ClusterType::Join, message.node.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(2);
  writer.field("LTime", message.time);
  writer.field("Node", message.node);
  return out;
}

Bytes encode(const LeaveIntent& message) {
  Bytes out = begin_message(ClusterType::Leave, message.node.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(3);
  writer.field("LTime", message.time);
  writer.field("Node", message.node);
  writer.field("Prune", message.prune);
  return out;
}

Bytes encode(const UserEventMessage& message) {
  Bytes out = begin_message(ClusterType::UserEvent, message.name.size() + message.payload.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(4);
  writer.field("CC", message.coalesce);
  writer.field("LTime", message.time);
  writer.field("Name", message.name);
  write_nullable(writer, "Payload", message.payload);
  return out;
}

Bytes encode(const ClusterState& state) {
  Bytes out = begin_message(ClusterType::PushPull, state.events.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(6);
  writer.field("EventLTime", state.event_time);
  writer.write("Events");
  writer.write_list(state.events.size());
  for (const std::optional<EventSlot>& slot : state.events) {
    if (slot.has_value()) {
      write_slot(writer, *slot);
    } else {
      writer.write_nil();
    }
  }
  writer.field("LTime", state.member_time);
  writer.write("LeftMembers");
  writer.write_list(state.left_members.size());
  for (const std::string_view name : state.left_members)
    writer.write(name);
  writer.field("QueryLTime", state.query_time);
  writer.write("StatusLTimes");
  writer.write_map(state.status_times.size());
  for (const auto& [name, time] : state.status_times)
    writer.field(name, time);
  return out;
}

std::optional<JoinIntent> decode_join_intent(ByteView body) {
  return decode_body<JoinIntent>(body);
}

std::optional<LeaveIntent> decode_leave_intent(ByteView body) {
  return decode_body<LeaveIntent>(body);
}

std::optional<UserEventMessage> decode_user_event(ByteView body) {
  return decode_body<UserEventMessage>(body);
}

std::optional<ClusterState> decode_cluster_state(ByteView body) {
  return decode_body<ClusterState>(body);
}

}  // namespace gossip::wire
