#include "gossip/stats.h"

#include <numeric>

#include <doctest/doctest.h>

namespace gossip {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a round trip is counted at the first bound that it does not exceed") {
  RoundTripHistogram trips;
  trips.add(Duration::zero());
  trips.add(microseconds(250));
  trips.add(microseconds(251));
  trips.add(seconds(1));
  trips.add(seconds(2));
  CHECK(trips.counts.front() == 2);
  CHECK(trips.counts[1] == 1);
  CHECK(trips.counts[RoundTripHistogram::kBoundCount - 1] == 1);
  CHECK(trips.counts.back() == 1);
  CHECK(trips.all.count == 5);
  CHECK(trips.all.sum == seconds(3) + microseconds(501));
  CHECK(std::accumulate(trips.counts.begin(), trips.counts.end(), std::uint64_t{0}) == 5);
}

}  // namespace
}  // namespace gossip
