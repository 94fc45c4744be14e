// What can be said of one coordinate by itself (gossip-wire §11.1).
#pragma once

#include "gossip/coordinate.h"

namespace gossip::coordinate {

// No NaN and no infinity anywhere.
[[nodiscard]] bool is_valid(const Coordinate& coordinate);

}  // namespace gossip::coordinate
