// Whom to tell, ask or send to help: uniform draws without replacement over the nodes of the table. Upstream
// draws with replacement and gives up after some misses, so that in small clusters it overlooks peers.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "members/table.h"

namespace gossip::swim {

class RandomPeers {
 public:
  RandomPeers(const members::Table& table, base::Rng& rng) : table_(table), rng_(rng) {}

  void insert(members::Index node) { nodes_.push_back(node); }
  // Those that do not count any more.
  void remove_swept() {
    std::erase_if(nodes_, [&](members::Index node) { return !table_.at(node).is_counted(); });
  }

  // Up to `count` different nodes for which `fits(index, record)` holds; all of them if there are no more.
  // Each draw costs one step of a Fisher–Yates shuffle, which never has to be undone: a list in any order is
  // as good a start for the next one.
  template <typename Fits>
  [[nodiscard]] std::vector<members::Index> pick(std::size_t count, Fits fits) {
    std::vector<members::Index> picked;
    for (std::size_t at = 0; at < nodes_.size() && picked.size() < count; ++at) {
      std::swap(nodes_[at], nodes_[at + rng_.uniform(nodes_.size() - at)]);
      if (fits(nodes_[at], table_.at(nodes_[at]))) picked.push_back(nodes_[at]);
    }
    return picked;
  }

 private:
  const members::Table& table_;
  base::Rng& rng_;
  std::vector<members::Index> nodes_;
};

}  // namespace gossip::swim
