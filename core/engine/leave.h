// Our departure, phase by phase (gossip-wire §8.13).
#pragma once

#include <cstdint>

namespace gossip::engine {

enum class LeavePhase : std::uint8_t {
  None,
  Joining,    // a push/pull of a join is under way: who takes part in it must hear of the leave
  Intent,     // the leave intent spreads
  Departure,  // memberlist's good-bye spreads
  Departed,   // and is known to enough members
  Done,
};

}  // namespace gossip::engine
