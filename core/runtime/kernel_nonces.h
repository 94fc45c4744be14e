// Chance from the kernel: the nonce of each sealed message, and the engine's seed.
#pragma once

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

}  // namespace gossip::runtime
