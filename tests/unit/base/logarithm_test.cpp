#include "base/logarithm.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include <doctest/doctest.h>

namespace gossip::base {
namespace {

TEST_CASE("logarithms agree with the C library's to the last places") {
  double worst = 0;
  const auto compare = [&](std::uint64_t n) {
    const double natural = std::log(static_cast<double>(n));
    const double decimal = std::log10(static_cast<double>(n));
    worst = std::max(worst, std::abs(natural_log(n) - natural) / natural);
    worst = std::max(worst, std::abs(decimal_log(n) - decimal) / decimal);
  };
  for (std::uint64_t n = 2; n < 20'000; ++n)
    compare(n);
  for (std::uint64_t n = 20'000; n < std::numeric_limits<std::uint64_t>::max() / 3; n *= 3)
    compare(n);
  CHECK(worst < 2 * std::numeric_limits<double>::epsilon());
}

TEST_CASE("the shortest suspicion is the same with either logarithm") {
  for (std::uint64_t n = 1; n < 200'000; ++n) {
    const auto theirs = static_cast<std::int64_t>(1000 * std::log10(static_cast<double>(n)));
    if (static_cast<std::int64_t>(1000 * decimal_log(n)) != theirs) FAIL("n is " << n);
  }
}

TEST_CASE("powers of ten have whole logarithms") {
  std::uint64_t power = 1;
  for (int digits = 0; digits < 19; ++digits, power *= 10)
    CHECK(decimal_log(power) == digits);
  CHECK(natural_log(1) == 0);
}

}  // namespace
}  // namespace gossip::base
