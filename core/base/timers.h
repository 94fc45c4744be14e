// Timers of one layer: a heap ordered by (deadline, order of arming), so that the same inputs fire them in
// the same order everywhere. `Kind` says what a timer is for; a timer that fires must re-check its facts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "gossip/time.h"

namespace gossip::base {

template <typename Kind>
class Timers {
 public:
  void arm(TimePoint at, Kind kind) {
    heap_.push_back(Entry{at, next_order_++, std::move(kind)});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }

  // Removes every timer for which `match(kind)` holds.
  template <typename Match>
  void cancel_if(Match match) {
    auto gone = std::remove_if(heap_.begin(), heap_.end(),
                               [&](const Entry& entry) { return match(entry.kind); });
    if (gone == heap_.end()) return;
    heap_.erase(gone, heap_.end());
    std::make_heap(heap_.begin(), heap_.end(), later);
  }

  [[nodiscard]] std::optional<TimePoint> next_deadline() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().at;
  }

  // The earliest timer due at or before `now`, removed; nothing if none is.
  [[nodiscard]] std::optional<Kind> take_due(TimePoint now) {
    if (heap_.empty() || heap_.front().at > now) return std::nullopt;
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Kind kind = std::move(heap_.back().kind);
    heap_.pop_back();
    return kind;
  }

  [[nodiscard]] bool empty() const { return heap_.empty(); }

 private:
  struct Entry {
    TimePoint at;
    std::uint64_t order = 0;
    Kind kind{};
  };

  static bool later(const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at > b.at : a.order > b.order;
  }

  std::vector<Entry> heap_;
  std::uint64_t next_order_ = 0;
};

}  // namespace gossip::base
