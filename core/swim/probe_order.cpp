#include "swim/probe_order.h"

#include <algorithm>
#include <span>
#include <utility>

namespace gossip::swim {

ProbeOrder::ProbeOrder(members::Table& table, base::Rng& rng, Duration dead_time)
    : table_(table), rng_(rng), dead_time_(dead_time) {}

void ProbeOrder::insert(members::Index node) {
  nodes_.push_back(node);
  if (nodes_.size() < 2) return;
  std::swap(nodes_.back(), nodes_[rng_.uniform(nodes_.size() - 1)]);
}

std::optional<members::Index> ProbeOrder::next(TimePoint now, members::Index self,
                                               std::vector<members::Index>& swept) {
  // Upstream counts the end of the list as a node passed over, and so misses every other turn of a pair.
  for (int round = 0; round < 2; ++round) {
    while (next_ < nodes_.size()) {
      const members::Index candidate = nodes_[next_++];
      if (candidate != self && table_.at(candidate).is_live()) return candidate;
    }
    sweep(now, self, swept);
    next_ = 0;
  }
  return std::nullopt;
}

void ProbeOrder::sweep(TimePoint now, members::Index self, std::vector<members::Index>& swept) {
  const auto forget = [&](members::Index node) {
    members::Record& record = table_.at(node);
    if (node == self || record.is_live() || now - record.state_since <= dead_time_) return false;
    // Serf 0.9.4 never forgets who left: whoever comes back has to hear its incarnation from us, too.
    record.retired = record.state == members::SwimState::Left && record.is_member();
    if (!record.retired) record.state = members::SwimState::Absent;
    swept.push_back(node);
    return true;
  };
  nodes_.erase(std::remove_if(nodes_.begin(), nodes_.end(), forget), nodes_.end());
  rng_.shuffle(std::span(nodes_));
}

}  // namespace gossip::swim
