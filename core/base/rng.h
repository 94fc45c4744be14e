// Seeded chance (xoshiro256**): decides whom to probe and tell. The same seed gives the same draws on
// every machine, which std::uniform_int_distribution does not promise.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace gossip::base {

class Rng {
 public:
  // All bits of the seed should be random: a seed that is nearly all zeros gives poor first draws.
  explicit Rng(const std::array<std::uint8_t, 32>& seed);

  [[nodiscard]] std::uint64_t next();
  // Uniform in [0, bound); bound ≥ 1. Without modulo bias.
  [[nodiscard]] std::uint64_t uniform(std::uint64_t bound);
  // Uniform in [0, 1).
  [[nodiscard]] double unit();

  // Fisher–Yates.
  template <typename T>
  void shuffle(std::span<T> items) {
    for (std::size_t left = items.size(); left > 1; --left) {
      std::swap(items[left - 1], items[static_cast<std::size_t>(uniform(left))]);
    }
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace gossip::base
