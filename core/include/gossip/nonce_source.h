// Where the engine gets the 12 random bytes of each sealed message: the kernel in production, a seeded
// stream in the simulator. Nonces never steer anything.
#pragma once

#include <array>
#include <cstdint>

namespace gossip {

using Nonce = std::array<std::uint8_t, 12>;

class NonceSource {
 public:
  NonceSource() = default;
  NonceSource(const NonceSource&) = delete;
  NonceSource& operator=(const NonceSource&) = delete;
  NonceSource(NonceSource&&) = delete;
  NonceSource& operator=(NonceSource&&) = delete;
  virtual ~NonceSource() = default;

  // Never the same twice for one key (gossip-wire §3.4).
  [[nodiscard]] virtual Nonce next() = 0;
};

}  // namespace gossip
