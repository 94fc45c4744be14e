// Queries as they pass through (gossip-wire §9.2): which are new, which are fit to pass on, and responses on
// their way to others. Nothing here answers a query.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/lamport_time.h"
#include "gossip/stats.h"
#include "gossip/time.h"

#include "base/token_bucket.h"
#include "cluster/outputs.h"
#include "members/table.h"
#include "wire/cluster_messages.h"

namespace gossip::cluster {

class Queries {
 public:
  // Honest members that ask at the same Lamport time are few.
  static constexpr std::size_t kMaxIdsPerSlot = 256;
  static constexpr double kRelaysPerSecond = 100;

  enum class Outcome : std::uint8_t {
    New,
    Old,   // seen, from before our start, or older than the ring reaches back
    Full,  // the slot has no room; not recorded
  };

  Queries(const members::Table& table, std::uint32_t slot_count);

  // `clock`: the query clock's time after it has witnessed the query.
  Outcome record(LamportTime clock, LamportTime time, std::uint32_t id);

  // Queries before `time` count as old from now on.
  void ignore_before(LamportTime time);

  // What a relay message makes us send, or why nothing: upstream sends anything to anybody;
  // here it is a query response to a member, and not too often.
  struct Relayed {
    std::optional<SendDirect> send;
    Drop why_not = Drop::Malformed;
  };
  [[nodiscard]] Relayed relay(TimePoint now, const wire::Relay& message);

 private:
  struct Slot {
    LamportTime time = 0;
    std::vector<std::uint32_t> ids;
  };

  const members::Table* table_;
  std::uint32_t slot_count_;
  std::map<std::uint32_t, Slot> slots_;  // by place
  LamportTime min_time_ = 0;
  base::TokenBucket relays_{kRelaysPerSecond, kRelaysPerSecond};
};

// Whether each filter has a type that exists and decodes. Other implementations may not survive one that
// does not (gossip-wire §13.6), so such a query is never passed on.
[[nodiscard]] bool are_well_formed(const std::vector<ByteView>& filters);

}  // namespace gossip::cluster
