// Pure formulae by which the protocol grows with the cluster (gossip-wire §7.5, §7.8, §7.9).
#pragma once

#include <cstddef>
#include <cstdint>

#include "gossip/time.h"

namespace gossip::swim {

// How often a broadcast is sent in all: mult × ⌈log10(n + 1)⌉.
[[nodiscard]] std::uint32_t retransmit_limit(std::uint32_t mult, std::size_t n);

// The shortest suspicion: mult × ⌊max(1, log10 n)·1000⌋ × interval ÷ 1000.
[[nodiscard]] Duration suspicion_timeout(std::uint32_t mult, std::size_t n,
                                         Duration probe_interval);

// Push/pull's interval: unchanged up to 32 nodes, then × (1 + ⌈log2(n) − 5⌉).
[[nodiscard]] Duration push_pull_interval(Duration interval, std::size_t n);

}  // namespace gossip::swim
