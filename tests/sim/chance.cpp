#include "sim/chance.h"

#include <algorithm>
#include <cmath>

namespace gossip::sim {
namespace {

// splitmix64 (Steele, Lea, Flood 2014): spreads a few bits of seed over all of them.
std::uint64_t next_word(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  std::uint64_t word = state;
  word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9U;
  word = (word ^ (word >> 27U)) * 0x94D049BB133111EBU;
  return word ^ (word >> 31U);
}

}  // namespace

std::array<std::uint8_t, 32> seed_for(std::uint64_t seed, Purpose purpose, std::uint64_t part) {
  std::uint64_t state = seed;
  state = next_word(state) ^ static_cast<std::uint64_t>(purpose);
  state = next_word(state) ^ part;
  std::array<std::uint8_t, 32> bytes{};
  for (std::size_t i = 0; i < bytes.size(); i += sizeof state) {
    const std::uint64_t word = next_word(state);
    for (std::size_t j = 0; j < sizeof word; ++j)
      bytes[i + j] = static_cast<std::uint8_t>(word >> (8 * j));
  }
  return bytes;
}

base::Rng chance(std::uint64_t seed, Purpose purpose) {
  return base::Rng(seed_for(seed, purpose));
}

bool happens(base::Rng& rng, double p) {
  return p > 0 && rng.unit() < p;
}

Duration between(base::Rng& rng, Duration low, Duration high) {
  if (high <= low) return low;
  return low + Duration(static_cast<std::int64_t>(
                   rng.uniform(static_cast<std::uint64_t>((high - low).count()) + 1)));
}

Duration any_length(base::Rng& rng, Duration low, Duration high) {
  const double ratio = static_cast<double>(high.count()) / static_cast<double>(low.count());
  const double length = static_cast<double>(low.count()) * std::pow(ratio, rng.unit());
  return Duration(static_cast<std::int64_t>(length));
}

Duration around(base::Rng& rng, Duration mean) {
  const double times = std::min(-std::log1p(-rng.unit()), 20.0);
  return Duration(static_cast<std::int64_t>(static_cast<double>(mean.count()) * times));
}

Nonce CountedNonces::next() {
  Nonce nonce{};
  const std::uint64_t count = ++count_;
  for (std::size_t i = 0; i < sizeof count; ++i)
    nonce[i] = static_cast<std::uint8_t>(count >> (8 * i));
  return nonce;
}

}  // namespace gossip::sim
