// Lifeguard's local health (gossip-wire §7.7): how far to mistrust our own judgement. A slow node waits
// longer before it accuses others.
#pragma once

#include <cstdint>

#include "gossip/time.h"

namespace gossip::swim {

class Awareness {
 public:
  // Scores run from 0 (healthy) to `max_multiplier` − 1.
  explicit Awareness(std::uint32_t max_multiplier);

  void apply(std::int32_t delta);
  [[nodiscard]] std::uint32_t score() const { return score_; }
  [[nodiscard]] Duration scale(Duration interval) const;

 private:
  std::uint32_t worst_;
  std::uint32_t score_ = 0;
};

}  // namespace gossip::swim
