#include "base/logarithm.h"

#include "base/check.h"

namespace gossip::base {
namespace {

constexpr double kLogOf2 = 0.693147180559945309417;
constexpr double kLogOf10 = 2.30258509299404568402;
constexpr double kRootOf2 = 1.41421356237309504880;
// s^23/23: what would follow is below 10^-17 of the sum.
constexpr int kLastTerm = 11;

// ln x for x from 1 on: with x = 2^e m, m in (√½, √2], and s = (m - 1) / (m + 1), it is e ln 2 + 2 (s + s³/3 + s⁵/5 + …).
double log_of(double x) {
  double e = 0;
  while (x > kRootOf2) {
    x /= 2;
    e += 1;
  }
  const double s = (x - 1) / (x + 1);
  double sum = 0;
  for (int term = kLastTerm; term >= 0; --term)
    sum = sum * s * s + 1.0 / (2 * term + 1);
  return e * kLogOf2 + 2 * s * sum;
}

}  // namespace

double natural_log(std::uint64_t n) {
  GOSSIP_CHECK(n > 0);
  return log_of(static_cast<double>(n));
}

double decimal_log(std::uint64_t n) {
  GOSSIP_CHECK(n > 0);
  double whole = 0;
  std::uint64_t power = 1;
  for (; n / 10 >= power; power *= 10)
    whole += 1;
  return whole + log_of(static_cast<double>(n) / static_cast<double>(power)) / kLogOf10;
}

}  // namespace gossip::base
