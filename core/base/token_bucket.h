// So many a second, with bursts: what goes beyond is refused. It starts full.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>

#include "gossip/time.h"

namespace gossip::base {

class TokenBucket {
 public:
  TokenBucket(double per_second, double burst)
      : per_second_(per_second), burst_(burst), tokens_(burst) {}

  // How many of `wanted` may go now, none as 0; takes them.
  [[nodiscard]] std::size_t take(TimePoint now, std::size_t wanted = 1) {
    if (filled_at_ && now > *filled_at_) {
      double seconds = std::chrono::duration<double>(now - *filled_at_).count();
      tokens_ = std::min(burst_, tokens_ + seconds * per_second_);
    }
    filled_at_ = now;
    std::size_t granted = std::min(wanted, static_cast<std::size_t>(tokens_));
    tokens_ -= static_cast<double>(granted);
    return granted;
  }

 private:
  double per_second_;
  double burst_;
  double tokens_;
  std::optional<TimePoint> filled_at_;
};

}  // namespace gossip::base
