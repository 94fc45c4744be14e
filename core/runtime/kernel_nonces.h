// Chance from the kernel: the nonce of each sealed message, the engine's seed, and that of its texts' hash.
#pragma once

#include <cstdint>

#include "gossip/engine.h"
#include "gossip/nonce_source.h"

namespace gossip::runtime {

// 12 bytes from getrandom(2) each time: 0.3 µs, and unlike a counter nothing that a cloned or resumed machine
// could repeat.
class KernelNonces final : public NonceSource {
 public:
  [[nodiscard]] Nonce next() override;
};

[[nodiscard]] Seed kernel_seed();
[[nodiscard]] std::uint64_t kernel_hash_seed();

}  // namespace gossip::runtime
