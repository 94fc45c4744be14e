#include "sim/agenda.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace gossip::sim {

void Agenda::add(TimePoint at, Happening happening) {
  std::uint32_t slot = 0;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(happenings_.size());
    happenings_.push_back(std::move(happening));
  } else {
    slot = free_.back();
    free_.pop_back();
    happenings_[slot] = std::move(happening);
  }
  order_.arm(std::max(at, now_), slot);
}

Happening Agenda::take() {
  const std::optional<TimePoint> at = order_.next_deadline();
  GOSSIP_CHECK(at.has_value());
  now_ = *at;
  const std::optional<std::uint32_t> slot = order_.take_due(now_);
  free_.push_back(*slot);
  return std::exchange(happenings_[*slot], Happening{});
}

}  // namespace gossip::sim
