// What can be said of coordinates by themselves: sound or not, how far apart, moved by a force (gossip-wire
// §11.1). Arithmetic is in Serf's order, so that equal observations give equal bits.
#pragma once

#include "gossip/coordinate.h"
#include "gossip/time.h"

#include "base/rng.h"

namespace gossip::coordinate {

// Serf takes no round trip beyond this one.
inline constexpr Duration kMaxRoundTrip = std::chrono::seconds(10);
// A node that has observed nothing; nobody's error grows beyond it.
inline constexpr double kMaxError = Coordinate{}.error;
inline constexpr double kMinHeight = Coordinate{}.height;

// No NaN and no infinity anywhere.
[[nodiscard]] bool is_valid(const Coordinate& coordinate);

// Valid, and what an honest node can have come to: an error from 0 to kMaxError, no negative height, no
// further from the origin than kMaxRoundTrip, an adjustment that is no longer than that.
[[nodiscard]] bool is_plausible(const Coordinate& coordinate);

// In seconds, without the adjustments.
[[nodiscard]] double raw_distance(const Coordinate& a, const Coordinate& b);

// As Go converts: the nanoseconds are divided apart from the whole seconds.
[[nodiscard]] double in_seconds(Duration duration);

// `coordinate` pushed away from `other` by `force` seconds, or pulled if that is negative. Two on one spot
// part in a random direction.
[[nodiscard]] Coordinate apply_force(const Coordinate& coordinate, double force,
                                     const Coordinate& other, base::Rng& rng);

}  // namespace gossip::coordinate
