// The ring of recent user events (gossip-wire §8.12): one slot per Lamport time modulo its length. It
// tells new from seen and old, and travels whole in every push/pull, so its size is bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/lamport_time.h"

#include "wire/cluster_messages.h"

namespace gossip::cluster {

class UserEvents {
 public:
  // Beyond it the oldest slot is given up, and what is as old as that counts as seen.
  static constexpr std::size_t kMaxRingBytes = std::size_t{4} * 1024 * 1024;

  enum class Outcome : std::uint8_t {
    New,
    Old,   // seen, before our join, or older than the ring reaches back
    Full,  // the slot or the ring has no room; not recorded
  };

  explicit UserEvents(std::uint32_t slot_count);

  // `clock`: the event clock's time after it has witnessed the event.
  Outcome record(LamportTime clock, const wire::UserEventMessage& event);

  // Events before `time` count as old from now on.
  void ignore_before(LamportTime time);

  // The newest time of which every event counts as old.
  [[nodiscard]] LamportTime old_up_to() const { return min_time_ == 0 ? 0 : min_time_ - 1; }

  // In ring order, unused slots as none; views into the ring, valid until the next `record`.
  [[nodiscard]] std::vector<std::optional<wire::EventSlot>> slots() const;

 private:
  struct Event {
    std::string name;
    Bytes payload;
  };
  struct Slot {
    LamportTime time = 0;
    std::vector<Event> events;
    std::size_t bytes = 0;
  };
  using Slots =
      std::map<std::uint32_t, Slot>;  // by place; most of the ring is unused in most clusters

  [[nodiscard]] bool make_room(LamportTime time, std::size_t bytes);
  void erase(Slots::iterator slot);

  std::uint32_t slot_count_;
  Slots slots_;
  std::size_t bytes_ = 0;
  LamportTime min_time_ = 0;
};

}  // namespace gossip::cluster
