#include "cluster/lamport.h"

#include <limits>

namespace gossip::cluster {

LamportTime next_after(LamportTime time) {
  return time == std::numeric_limits<LamportTime>::max() ? time : time + 1;
}

LamportTime LamportClock::increment() {
  return time_ = next_after(time_);
}

void LamportClock::witness(LamportTime seen) {
  if (seen >= time_) time_ = next_after(seen);
}

bool LamportClock::is_plausible(LamportTime seen) const {
  return seen <= time_ || seen - time_ <= kMaxLamportJump;
}

bool is_beyond_ring(LamportTime clock, LamportTime time, std::uint32_t slot_count) {
  return clock > slot_count && time < clock - slot_count;
}

}  // namespace gossip::cluster
