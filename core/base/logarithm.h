// Logarithms of whole numbers, by which the protocol grows with the cluster. Not the C library's: that chooses among variants
// by the processor, so that two machines may differ in the last bit and one seed gives two runs; and its mathematics would be
// a twelfth of what a lone agent has in memory (docs/performance.md).
#pragma once

#include <cstdint>

namespace gossip::base {

// ln n, within two units in the last place. n is not 0.
[[nodiscard]] double natural_log(std::uint64_t n);

// log10 n, exact for powers of ten. n is not 0.
[[nodiscard]] double decimal_log(std::uint64_t n);

}  // namespace gossip::base
