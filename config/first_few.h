// Of very many things the first, which are told, and how many more there are: a file may be none of ours altogether.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "config/mistakes.h"

namespace gossip::config {

template <class Thing>
class FirstFew {
 public:
  // Asks `make` for the thing only where it will be told.
  template <class Make>
  void add(const Make& make) {
    if (first_.size() < Mistakes::kMostTold) {
      first_.push_back(make());
    } else {
      ++more_count_;
    }
  }
  // So many that nobody has kept.
  void add_untold(std::size_t count) { more_count_ += count; }

  [[nodiscard]] bool empty() const { return first_.empty() && more_count_ == 0; }
  [[nodiscard]] std::span<const Thing> first() const { return first_; }
  [[nodiscard]] std::size_t more_count() const { return more_count_; }

 private:
  std::vector<Thing> first_;
  std::size_t more_count_ = 0;
};

}  // namespace gossip::config
