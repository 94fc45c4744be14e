// Seeded chance for a simulated world: one generator for each purpose, so that what one part draws moves nothing
// in another.
#pragma once

#include <array>
#include <cstdint>

#include "gossip/nonce_source.h"
#include "gossip/time.h"

#include "base/rng.h"

namespace gossip::sim {

// What a generator is for. An engine's is its purpose, host and run.
enum class Purpose : std::uint8_t {
  Scenario,
  Schedule,
  Network,
  Streams,
  Disks,
  Engines,
  Workload
};

// 32 bytes that differ for every (seed, purpose, part).
[[nodiscard]] std::array<std::uint8_t, 32> seed_for(std::uint64_t seed, Purpose purpose,
                                                    std::uint64_t part = 0);
[[nodiscard]] base::Rng chance(std::uint64_t seed, Purpose purpose);

// True with probability `p`; draws nothing when `p` is 0, so that an unused fault costs nothing.
[[nodiscard]] bool happens(base::Rng& rng, double p);
// Uniform in [low, high].
[[nodiscard]] Duration between(base::Rng& rng, Duration low, Duration high);
// Log-uniform in [low, high]: as many short ones as long ones. `low` is above 0.
[[nodiscard]] Duration any_length(base::Rng& rng, Duration low, Duration high);
// Exponential with this mean, at most 20 times it.
[[nodiscard]] Duration around(base::Rng& rng, Duration mean);

// Nonces that repeat from run to run, and never within one.
class CountedNonces final : public NonceSource {
 public:
  [[nodiscard]] Nonce next() override;

 private:
  std::uint64_t count_ = 0;
};

}  // namespace gossip::sim
