#include "cluster/lamport.h"

#include <limits>

#include <doctest/doctest.h>

namespace gossip::cluster {
namespace {

constexpr LamportTime kLatest = std::numeric_limits<LamportTime>::max();

TEST_CASE("a Lamport clock is past all that it has witnessed") {
  LamportClock clock;
  CHECK(clock.increment() == 1);
  clock.witness(0);
  CHECK(clock.time() == 1);
  clock.witness(1);
  CHECK(clock.time() == 2);
  clock.witness(40);
  CHECK(clock.time() == 41);
}

TEST_CASE("a Lamport clock stays at its end and never wraps") {
  LamportClock clock;
  clock.witness(kLatest);
  CHECK(clock.time() == kLatest);
  clock.witness(kLatest);
  CHECK(clock.time() == kLatest);
  CHECK(clock.increment() == kLatest);
  CHECK(next_after(kLatest) == kLatest);
}

TEST_CASE("a Lamport time is implausible from 2^32 + 1 ahead") {
  LamportClock clock;
  clock.witness(99);
  CHECK(clock.is_plausible(0));
  CHECK(clock.is_plausible(100 + kMaxLamportJump));
  CHECK_FALSE(clock.is_plausible(101 + kMaxLamportJump));
  CHECK_FALSE(clock.is_plausible(kLatest));
}

TEST_CASE("a ring reaches back as many Lamport times as it has slots") {
  CHECK_FALSE(is_beyond_ring(4, 0, 4));
  CHECK(is_beyond_ring(5, 0, 4));
  CHECK_FALSE(is_beyond_ring(5, 1, 4));
}

}  // namespace
}  // namespace gossip::cluster
