#include "coordinate/coordinate.h"

#include <limits>

#include <doctest/doctest.h>

namespace gossip::coordinate {
namespace {

TEST_CASE("a coordinate is valid if every figure of it is finite") {
  CHECK(is_valid(Coordinate{}));
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()}) {
    for (std::size_t i = 0; i < kCoordinateDimensions; ++i) {
      Coordinate coordinate;
      coordinate.vec[i] = bad;
      CHECK_FALSE(is_valid(coordinate));
    }
    CHECK_FALSE(is_valid(Coordinate{.error = bad}));
    CHECK_FALSE(is_valid(Coordinate{.adjustment = bad}));
    CHECK_FALSE(is_valid(Coordinate{.height = bad}));
  }
}

}  // namespace
}  // namespace gossip::coordinate
