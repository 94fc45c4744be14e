#include "coordinate/coordinate.h"

#include <algorithm>
#include <cmath>

namespace gossip::coordinate {

bool is_valid(const Coordinate& coordinate) {
  return std::all_of(coordinate.vec.begin(), coordinate.vec.end(),
                     [](double figure) { return std::isfinite(figure); }) &&
         std::isfinite(coordinate.error) && std::isfinite(coordinate.adjustment) &&
         std::isfinite(coordinate.height);
}

}  // namespace gossip::coordinate
