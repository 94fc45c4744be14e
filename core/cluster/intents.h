// The newest join or leave intent about each name that is no member yet (gossip-wire §8.6): it may arrive
// before the member does. Bounded, oldest out first; upstream's has no limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gossip/lamport_time.h"
#include "gossip/time.h"

#include "base/token_bucket.h"

namespace gossip::cluster {

enum class IntentKind : std::uint8_t { Join, Leave };

struct RecentIntent {
  IntentKind kind = IntentKind::Join;
  LamportTime time = 0;
};

class RecentIntents {
 public:
  // Room for twice the members, and for a cluster that we are only getting to know.
  static constexpr std::size_t kSpareEntries = 1024;
  // Gossiped intents about unknown names; those of a push/pull are not passed on and need no limit but
  // that of the table.
  static constexpr double kGossipedPerSecond = 256;
  static constexpr double kGossipedBurst = 2048;

  // Whether one more gossiped intent about an unknown name is served now.
  [[nodiscard]] bool admit_gossiped(TimePoint now) { return gossiped_.take(now) == 1; }

  // Keeps `intent` iff there is none about `name` or only an earlier one, whatever the kinds; returns
  // whether it did.
  bool upsert(TimePoint now, std::string_view name, RecentIntent intent, std::size_t member_count);

  [[nodiscard]] std::optional<RecentIntent> find(std::string_view name) const;

  // Drops what was last written at or before `limit`.
  void expire(TimePoint limit);
  // When the oldest entry was written.
  [[nodiscard]] std::optional<TimePoint> oldest() const;
  [[nodiscard]] std::size_t size() const { return by_name_.size(); }

 private:
  struct Entry {
    std::string name;
    RecentIntent intent;
    TimePoint written_at;
  };
  using Entries = std::list<Entry>;

  void drop_oldest();

  Entries entries_;  // oldest first
  // Ordered, because a hash could be attacked with names that collide. Keys view the entries' names.
  std::map<std::string_view, Entries::iterator> by_name_;
  base::TokenBucket gossiped_{kGossipedPerSecond, kGossipedBurst};
};

}  // namespace gossip::cluster
