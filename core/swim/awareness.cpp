#include "swim/awareness.h"

#include <algorithm>

namespace gossip::swim {

Awareness::Awareness(std::uint32_t max_multiplier)
    : worst_(max_multiplier > 0 ? max_multiplier - 1 : 0) {}

void Awareness::apply(std::int32_t delta) {
  std::int64_t moved = std::int64_t{score_} + delta;
  score_ = static_cast<std::uint32_t>(std::clamp<std::int64_t>(moved, 0, worst_));
}

Duration Awareness::scale(Duration interval) const {
  return interval * (std::int64_t{score_} + 1);
}

}  // namespace gossip::swim
