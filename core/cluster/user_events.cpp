#include "cluster/user_events.h"

#include <algorithm>
#include <utility>

#include "cluster/lamport.h"

namespace gossip::cluster {
namespace {

// What an event costs besides its own bytes, roughly.
constexpr std::size_t kEventOverheadBytes = 64;

std::size_t cost(const wire::UserEventMessage& event) {
  return event.name.size() + event.payload.size() + kEventOverheadBytes;
}

}  // namespace

UserEvents::UserEvents(std::uint32_t slot_count) : slot_count_(std::max(slot_count, 1U)) {}

UserEvents::Outcome UserEvents::record(LamportTime clock, const wire::UserEventMessage& event) {
  if (event.time < min_time_) return Outcome::Old;
  if (is_beyond_ring(clock, event.time, slot_count_)) return Outcome::Old;

  const auto place = static_cast<std::uint32_t>(event.time % slot_count_);
  if (const auto held = slots_.find(place); held != slots_.end()) {
    const Slot& slot = held->second;
    if (slot.time == event.time) {
      const bool seen = std::ranges::any_of(slot.events, [&](const Event& known) {
        return known.name == event.name && std::ranges::equal(known.payload, event.payload);
      });
      if (seen) return Outcome::Old;
      if (slot.events.size() >= wire::kMaxEventsPerSlot) return Outcome::Full;
    } else {
      // Also a newer one gives way to an older one that the ring still reaches, as upstream has it.
      erase(held);
    }
  }
  if (!make_room(event.time, cost(event))) return Outcome::Full;

  Slot& slot = slots_[place];
  slot.time = event.time;
  slot.events.push_back(
      Event{std::string(event.name), Bytes(event.payload.begin(), event.payload.end())});
  slot.bytes += cost(event);
  bytes_ += cost(event);
  return Outcome::New;
}

void UserEvents::ignore_before(LamportTime time) {
  min_time_ = std::max(min_time_, time);
}

std::vector<std::optional<wire::EventSlot>> UserEvents::slots() const {
  std::vector<std::optional<wire::EventSlot>> ring(slot_count_);
  for (const auto& [place, slot] : slots_) {
    wire::EventSlot& shown = ring[place].emplace();
    shown.time = slot.time;
    shown.events.reserve(slot.events.size());
    for (const Event& event : slot.events)
      shown.events.push_back({event.name, event.payload});
  }
  return ring;
}

bool UserEvents::make_room(LamportTime time, std::size_t bytes) {
  while (bytes_ + bytes > kMaxRingBytes) {
    const auto oldest = std::ranges::min_element(
        slots_, {}, [](const Slots::value_type& entry) { return entry.second.time; });
    if (oldest == slots_.end() || oldest->second.time >= time) return false;
    // Forgotten events must not come back as new, or they would circle for ever.
    ignore_before(next_after(oldest->second.time));
    erase(oldest);
  }
  return true;
}

void UserEvents::erase(Slots::iterator slot) {
  bytes_ -= slot->second.bytes;
  slots_.erase(slot);
}

}  // namespace gossip::cluster
