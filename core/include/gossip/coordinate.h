// A network coordinate (Vivaldi with height, as Serf has it: gossip-wire §11.1).
#pragma once

#include <array>
#include <cstddef>

#include "gossip/time.h"

namespace gossip {

inline constexpr std::size_t kCoordinateDimensions = 8;

// All figures in seconds, except `error`, which has no unit.
struct Coordinate {
  std::array<double, kCoordinateDimensions> vec{};
  double error = 1.5;
  double adjustment = 0.0;
  double height = 10e-6;

  friend bool operator==(const Coordinate&, const Coordinate&) = default;
};

// How long a packet from one to the other and back is expected to take. Positive for coordinates of an agent.
// Of a member with itself it is not 0, but twice the way to the next router.
[[nodiscard]] Duration estimated_round_trip(const Coordinate& a, const Coordinate& b);

}  // namespace gossip
