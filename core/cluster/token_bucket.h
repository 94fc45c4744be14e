// How often something that strangers ask for may be done: `rate` a second, bursts of `burst`.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "gossip/time.h"

namespace gossip::cluster {

class TokenBucket {
 public:
  TokenBucket(double rate, double burst) : rate_(rate), burst_(burst), tokens_(burst) {}

  // Whether one more may be done now; takes its token.
  [[nodiscard]] bool take(TimePoint now) {
    if (filled_at_) {
      const double seconds = std::chrono::duration<double>(now - *filled_at_).count();
      tokens_ = std::min(burst_, tokens_ + seconds * rate_);
    }
    filled_at_ = now;
    if (tokens_ < 1.0) return false;
    tokens_ -= 1.0;
    return true;
  }

 private:
  double rate_;
  double burst_;
  double tokens_;
  std::optional<TimePoint> filled_at_;
};

}  // namespace gossip::cluster
