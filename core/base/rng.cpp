#include "base/rng.h"

#include <bit>

#include "base/check.h"

namespace gossip::base {

Rng::Rng(const std::array<std::uint8_t, 32>& seed) {
  for (std::size_t i = 0; i < seed.size(); ++i) {
    state_[i / 8] |= static_cast<std::uint64_t>(seed[i]) << (8 * (i % 8));
  }
  // The generator would stay at zero for ever.
  if (state_ == std::array<std::uint64_t, 4>{}) state_ = {1, 2, 3, 4};
}

// Blackman and Vigna, xoshiro256** 1.0.
std::uint64_t Rng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

// Lemire's method: the high half of a 128-bit product, and a new draw where the low half shows that the
// bucket is one of those that hold one value more.
std::uint64_t Rng::uniform(std::uint64_t bound) {
  GOSSIP_CHECK(bound > 0);
  using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(next()) * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t surplus = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(product) < surplus) {
      product = static_cast<Wide>(next()) * bound;
    }
  }
  return static_cast<std::uint64_t>(product >> 64U);
}

double Rng::unit() {
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

}  // namespace gossip::base
