// Where this node is: Vivaldi with the refinements of Serf, fed with one observation after the other
// (gossip-wire §11.2; Dabek et al., Vivaldi, 2004; Ledlie et al., Network Coordinates in the Wild, 2007; Lee
// et al., On Suitability of Euclidean Embedding, 2010).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "gossip/coordinate.h"
#include "gossip/time.h"

#include "base/rng.h"

namespace gossip::coordinate {

// The last three round trips to one member. Their median rides out a slow one.
class LatencyFilter {
 public:
  // One more, in seconds; the median of those there are, the greater one of two.
  double add(double round_trip);

 private:
  std::array<double, 3> samples_{};
  std::uint8_t count_ = 0;
  std::uint8_t oldest_ = 0;
};

class Client {
 public:
  // `rng` is for directions in which two nodes on one spot part.
  explicit Client(const base::Rng& rng, const Coordinate& start = {})
      : rng_(rng), coordinate_(start) {}

  [[nodiscard]] const Coordinate& coordinate() const { return coordinate_; }

  enum class Outcome : std::uint8_t {
    Moved,
    Reset,  // it had come to NaN or infinity and is at the origin again; filters and samples stay
    Refused,  // nothing changed: `other` is not valid, or the round trip is none of 0 to kMaxRoundTrip
  };
  // A member at `other` answered after `round_trip`; `filter` is the one of that member.
  Outcome observe(const Coordinate& other, Duration round_trip, LatencyFilter& filter);

 private:
  void approach(const Coordinate& other, double round_trip);
  void adjust(const Coordinate& other, double round_trip);
  void gravitate();

  static constexpr std::size_t kAdjustmentWindow = 20;

  base::Rng rng_;
  Coordinate coordinate_;
  std::array<double, kAdjustmentWindow>
      misses_{};  // of the estimates without adjustment, in seconds
  std::size_t oldest_miss_ = 0;
};

}  // namespace gossip::coordinate
