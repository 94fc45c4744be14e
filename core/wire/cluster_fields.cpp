#include "wire/cluster_fields.h"

#include <utility>

namespace gossip::wire {

using base::msgpack::Reader;

namespace {

void read_event(Reader& reader, SlotEvent& event) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Name") {
      reader.read(event.name);
    } else if (key == "Payload") {
      reader.read(event.payload);
    } else {
      reader.skip();
    }
  });
}

// `event_count` runs over the whole state.
void read_events_of_slot(Reader& reader, std::size_t& event_count, EventSlot& slot) {
  slot.events.clear();
  for_each_item(reader, kMaxEventsPerSlot, [&] {
    if (++event_count > kMaxStateEvents) return reader.fail();
    SlotEvent event;
    read_event(reader, event);
    slot.events.push_back(event);
  });
}

void read_slots(Reader& reader, std::vector<std::optional<EventSlot>>& slots) {
  slots.clear();
  std::size_t event_count = 0;
  for_each_item(reader, kMaxEventSlots, [&] {
    if (reader.take_nil()) {
      slots.emplace_back(std::nullopt);
      return;
    }
    EventSlot slot;
    for_each_field(reader, [&](std::string_view key) {
      if (key == "Events") {
        read_events_of_slot(reader, event_count, slot);
      } else if (key == "LTime") {
        reader.read(slot.time);
      } else {
        reader.skip();
      }
    });
    slots.emplace_back(std::move(slot));
  });
}

void read_names(Reader& reader, std::vector<std::string_view>& names) {
  names.clear();
  for_each_item(reader, kMaxStateMembers, [&] {
    std::string_view name;
    reader.read(name);
    names.push_back(name);
  });
}

void read_status_times(Reader& reader,
                       std::vector<std::pair<std::string_view, LamportTime>>& times) {
  times.clear();
  for_each_field(reader, [&](std::string_view name) {
    if (times.size() == kMaxStateMembers) return reader.fail();
    LamportTime time = 0;
    reader.read(time);
    times.emplace_back(name, time);
  });
}

}  // namespace

void read_fields(Reader& reader, JoinIntent& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "LTime") {
      reader.read(message.time);
    } else if (key == "Node") {
      reader.read(message.node);
    } else {
      reader.skip();
    }
  });
}

void read_fields(Reader& reader, LeaveIntent& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "LTime") {
      reader.read(message.time);
    } else if (key == "Node") {
      reader.read(message.node);
    } else if (key == "Prune") {
      reader.read(message.prune);
    } else {
      reader.skip();
    }
  });
}

void read_fields(Reader& reader, UserEventMessage& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "CC") {
      reader.read(message.coalesce);
    } else if (key == "LTime") {
      reader.read(message.time);
    } else if (key == "Name") {
      reader.read(message.name);
    } else if (key == "Payload") {
      reader.read(message.payload);
    } else {
      reader.skip();
    }
  });
}

void read_fields(Reader& reader, ClusterState& state) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "EventLTime") {
      reader.read(state.event_time);
    } else if (key == "Events") {
      read_slots(reader, state.events);
    } else if (key == "LTime") {
      reader.read(state.member_time);
    } else if (key == "LeftMembers") {
      read_names(reader, state.left_members);
    } else if (key == "QueryLTime") {
      reader.read(state.query_time);
    } else if (key == "StatusLTimes") {
      read_status_times(reader, state.status_times);
    } else {
      reader.skip();
    }
  });
}

}  // namespace gossip::wire
