// Whose turn it is to be probed (gossip-wire §7.1): all nodes in random order, shuffled anew after each
// round, when those long dead or left are forgotten.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "gossip/time.h"

#include "base/rng.h"
#include "members/table.h"

namespace gossip::swim {

class ProbeOrder {
 public:
  // A node is forgotten `dead_time` after it died or left.
  ProbeOrder(members::Table& table, base::Rng& rng, Duration dead_time);

  // At a random place, so that newcomers do not all wait for the end of the round.
  void insert(members::Index node);
  // Nodes of every state, ourselves included.
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }

  // The next living node but `self`; nothing if there is none. Nodes that were swept on the way are absent
  // or retired in the table now and appended to `swept`.
  [[nodiscard]] std::optional<members::Index> next(TimePoint now, members::Index self,
                                                   std::vector<members::Index>& swept);

 private:
  void sweep(TimePoint now, members::Index self, std::vector<members::Index>& swept);

  members::Table& table_;
  base::Rng& rng_;
  Duration dead_time_;
  std::vector<members::Index> nodes_;
  std::size_t next_ = 0;
};

}  // namespace gossip::swim
