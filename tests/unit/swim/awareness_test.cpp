#include "swim/awareness.h"

#include <doctest/doctest.h>

namespace gossip::swim {
namespace {

using std::chrono::seconds;

TEST_CASE("a score stays between healthy and the worst, however far it is moved") {
  Awareness awareness(8);
  CHECK(awareness.score() == 0);
  awareness.apply(-1);
  CHECK(awareness.score() == 0);
  awareness.apply(3);
  CHECK(awareness.score() == 3);
  awareness.apply(1'000'000);
  CHECK(awareness.score() == 7);
  awareness.apply(-2);
  CHECK(awareness.score() == 5);
}

TEST_CASE("the worse the score, the longer we wait") {
  Awareness awareness(8);
  CHECK(awareness.scale(seconds(1)) == seconds(1));
  awareness.apply(2);
  CHECK(awareness.scale(seconds(1)) == seconds(3));
  awareness.apply(9);
  CHECK(awareness.scale(seconds(1)) == seconds(8));
}

TEST_CASE("a multiplier of one or nothing leaves awareness out") {
  for (const std::uint32_t multiplier : {0U, 1U}) {
    Awareness awareness(multiplier);
    awareness.apply(5);
    CHECK(awareness.score() == 0);
    CHECK(awareness.scale(seconds(1)) == seconds(1));
  }
}

}  // namespace
}  // namespace gossip::swim
