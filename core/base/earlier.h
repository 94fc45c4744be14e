// Deadlines that may be absent.
#pragma once

#include <algorithm>
#include <optional>

#include "gossip/time.h"

namespace gossip::base {

// The earlier of two deadlines; nothing is later than everything.
[[nodiscard]] inline std::optional<TimePoint> earlier(std::optional<TimePoint> a,
                                                      std::optional<TimePoint> b) {
  if (!a.has_value()) return b;
  if (!b.has_value()) return a;
  return std::min(*a, *b);
}

}  // namespace gossip::base
