// How acks and answers leave for the asker (gossip-wire §9.2, §9.4): directly, and through some other members
// where it wants that. Whoever can forge a query chooses the address in it, so replies go to members, and
// only few to anywhere else: no reflector, no amplifier.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "gossip/config.h"
#include "gossip/stats.h"
#include "gossip/time.h"

#include "base/rng.h"
#include "base/token_bucket.h"
#include "cluster/asked_queries.h"
#include "cluster/outputs.h"
#include "members/table.h"

namespace gossip::cluster {

class Replies {
 public:
  // More than an honest cluster asks; the rest are counted as Drop::RateLimited.
  static constexpr double kPerSecond = 500;
  // To addresses of nobody we know: the asker may have joined a moment ago.
  static constexpr double kToStrangersPerSecond = 20;

  // All references outlive this.
  Replies(const Config& config, const members::Table& table, base::Rng& rng, Counters& counters);

  // `response` is an encoded query response. Relayed copies that would be beyond the response limit are left
  // out, with a word in the log.
  void send(TimePoint now, const AskedQuery& query, ByteView response, Outputs& out);

 private:
  [[nodiscard]] bool may_send(TimePoint now, const AskedQuery& query);
  void relay(const AskedQuery& query, ByteView response, Outputs& out);
  [[nodiscard]] std::vector<members::Index> relays(std::size_t count);
  [[nodiscard]] bool can_relay(members::Index member) const;

  const Config* config_;
  const members::Table* table_;
  base::Rng* rng_;
  Counters* counters_;
  base::TokenBucket all_{kPerSecond, kPerSecond};
  base::TokenBucket to_strangers_{kToStrangersPerSecond, kToStrangersPerSecond};
};

// Whether a member has that address: the one called `name`, or any other.
[[nodiscard]] bool is_member_at(const members::Table& table, std::string_view name,
                                const Address& address);

}  // namespace gossip::cluster
