// Counts what the program allocates, by operator new: linked into programs that ask how much a piece of work needs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gossip::bench {

struct Allocations {
  std::uint64_t count = 0;      // since the program began
  std::int64_t live_bytes = 0;  // as malloc rounds them
};

[[nodiscard]] Allocations allocations();

}  // namespace gossip::bench
