#include "cluster/intents.h"

#include <iterator>
#include <utility>

namespace gossip::cluster {

bool RecentIntents::upsert(TimePoint now, std::string_view name, RecentIntent intent,
                           std::size_t member_count) {
  if (const auto known = by_name_.find(name); known != by_name_.end()) {
    Entry& entry = *known->second;
    if (intent.time <= entry.intent.time) return false;
    entry.intent = intent;
    entry.written_at = now;
    entries_.splice(entries_.end(), entries_, known->second);
    return true;
  }
  const std::size_t limit = 2 * member_count + kSpareEntries;
  while (by_name_.size() >= limit)
    drop_oldest();
  entries_.push_back(Entry{std::string(name), intent, now});
  by_name_.emplace(entries_.back().name, std::prev(entries_.end()));
  return true;
}

std::optional<RecentIntent> RecentIntents::find(std::string_view name) const {
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) return std::nullopt;
  return known->second->intent;
}

void RecentIntents::expire(TimePoint limit) {
  while (!entries_.empty() && entries_.front().written_at <= limit)
    drop_oldest();
}

std::optional<TimePoint> RecentIntents::oldest() const {
  if (entries_.empty()) return std::nullopt;
  return entries_.front().written_at;
}

void RecentIntents::drop_oldest() {
  by_name_.erase(entries_.front().name);
  entries_.pop_front();
}

}  // namespace gossip::cluster
