#include "base/rng.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

namespace gossip::base {

namespace {

std::array<std::uint8_t, 32> seed_of(std::uint8_t a, std::uint8_t b, std::uint8_t c,
                                     std::uint8_t d) {
  std::array<std::uint8_t, 32> seed{};
  seed[0] = a;
  seed[8] = b;
  seed[16] = c;
  seed[24] = d;
  return seed;
}

}  // namespace

TEST_CASE("the generator is xoshiro256**") {
  // The reference implementation's output from the state 1, 2, 3, 4.
  const std::array<std::uint64_t, 6> expected = {
      11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600};
  Rng rng(seed_of(1, 2, 3, 4));
  for (const std::uint64_t value : expected)
    CHECK(rng.next() == value);
}

TEST_CASE("a seed of zeros still gives chance") {
  Rng rng(seed_of(0, 0, 0, 0));
  CHECK(rng.next() != rng.next());
}

TEST_CASE("the same seed gives the same draws") {
  Rng a(seed_of(9, 8, 7, 6));
  Rng b(seed_of(9, 8, 7, 6));
  for (int i = 0; i < 100; ++i)
    CHECK(a.uniform(1000) == b.uniform(1000));
}

TEST_CASE("uniform draws stay below their bound and reach all of it") {
  Rng rng(seed_of(1, 2, 3, 4));
  std::array<int, 7> seen{};
  for (int i = 0; i < 7000; ++i)
    ++seen.at(static_cast<std::size_t>(rng.uniform(seen.size())));
  for (const int count : seen) {
    CHECK(count > 850);
    CHECK(count < 1150);
  }
  CHECK(rng.uniform(1) == 0);
  const std::uint64_t above_half = (1ULL << 63U) + 1;  // nearly every second draw is repeated
  for (int i = 0; i < 100; ++i)
    CHECK(rng.uniform(above_half) < above_half);
}

TEST_CASE("unit draws lie in [0, 1)") {
  Rng rng(seed_of(1, 2, 3, 4));
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const double value = rng.unit();
    REQUIRE(value >= 0.0);
    REQUIRE(value < 1.0);
    sum += value;
  }
  CHECK(sum / 10000 == doctest::Approx(0.5).epsilon(0.05));
}

TEST_CASE("a shuffle keeps every item") {
  Rng rng(seed_of(1, 2, 3, 4));
  std::vector<int> items(50);
  std::iota(items.begin(), items.end(), 0);
  const std::vector<int> sorted = items;
  rng.shuffle(std::span(items));
  CHECK(items != sorted);
  std::sort(items.begin(), items.end());
  CHECK(items == sorted);
}

}  // namespace gossip::base
