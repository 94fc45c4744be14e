#include "base/token_bucket.h"

#include <doctest/doctest.h>

namespace gossip::base {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{seconds(100)};

TEST_CASE("a burst goes at once, then so many a second") {
  TokenBucket bucket(10, 3);
  CHECK(bucket.take(kStart) == 1);
  CHECK(bucket.take(kStart) == 1);
  CHECK(bucket.take(kStart) == 1);
  CHECK(bucket.take(kStart) == 0);
  CHECK(bucket.take(kStart + milliseconds(99)) == 0);
  CHECK(bucket.take(kStart + milliseconds(201)) == 1);
  CHECK(bucket.take(kStart + milliseconds(201)) == 1);
  CHECK(bucket.take(kStart + milliseconds(201)) == 0);
}

TEST_CASE("of many that are wanted as many go as there are") {
  TokenBucket bucket(10, 8);
  CHECK(bucket.take(kStart, 5) == 5);
  CHECK(bucket.take(kStart, 5) == 3);
  CHECK(bucket.take(kStart + milliseconds(500), 9) == 5);
}

TEST_CASE("rest fills it to the burst and no further, and a clock that stands gives nothing") {
  TokenBucket bucket(10, 3);
  CHECK(bucket.take(kStart, 3) == 3);
  CHECK(bucket.take(kStart + seconds(1000), 100) == 3);
  CHECK(bucket.take(kStart + seconds(1000), 100) == 0);
}

}  // namespace
}  // namespace gossip::base
