// A Lamport clock that no message can break: it never wraps, and it says which times are beyond belief.
#pragma once

#include <cstdint>

#include "gossip/lamport_time.h"

namespace gossip::cluster {

// A time further ahead than this is a forgery or a defect: four thousand million messages that we missed.
// Upstream takes any: one message of time 2⁶⁴ − 1 sets its clock to 0.
inline constexpr LamportTime kMaxLamportJump = LamportTime{1} << 32;

class LamportClock {
 public:
  [[nodiscard]] LamportTime time() const { return time_; }
  // Stays at the largest value once it is there, as `witness` does.
  LamportTime increment();
  // Afterwards the clock is past `seen`.
  void witness(LamportTime seen);

  [[nodiscard]] bool is_plausible(LamportTime seen) const;

 private:
  LamportTime time_ = 0;
};

// How far a node has come: the newest time seen of intents and of queries; events up to theirs are old.
struct Clocks {
  LamportTime member = 0;
  LamportTime event = 0;
  LamportTime query = 0;
};

// One past `time`, or `time` itself where there is no later one.
[[nodiscard]] LamportTime next_after(LamportTime time);

// Whether a ring of one slot per Lamport time, `slot_count` of them, no longer reaches back to `time`.
[[nodiscard]] bool is_beyond_ring(LamportTime clock, LamportTime time, std::uint32_t slot_count);

}  // namespace gossip::cluster
