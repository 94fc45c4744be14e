// The clock of one host. It starts with the world's and runs fast or slow by a constant rate; engines see nothing
// else of it, so a frozen process sees its clock jump.
#pragma once

#include <cstdint>

#include "gossip/time.h"

namespace gossip::sim {

class DriftingClock {
 public:
  // `parts_per_million` too fast, or too slow if negative; between −500,000 and 1,000,000.
  explicit DriftingClock(std::int64_t parts_per_million = 0) : ppm_(parts_per_million) {}

  // What it shows when the world's clock shows `world`.
  [[nodiscard]] TimePoint at(TimePoint world) const;
  // The world's time when it first shows `local` or more.
  [[nodiscard]] TimePoint when(TimePoint local) const;
  [[nodiscard]] std::int64_t parts_per_million() const { return ppm_; }

 private:
  std::int64_t ppm_;
};

}  // namespace gossip::sim
