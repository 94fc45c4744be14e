// What the rules of this layer share: the settings, the table, chance, time and the list of nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gossip/config.h"
#include "gossip/engine.h"
#include "gossip/stats.h"

#include "base/rng.h"
#include "base/timers.h"
#include "members/table.h"
#include "swim/outputs.h"
#include "swim/probe_order.h"
#include "swim/random_peers.h"

namespace gossip::swim {

// What a timer is for. `key` is a sequence number, or for Suspicion, Evidence and Takeover a member.
struct Timer {
  enum class Kind : std::uint8_t {
    ProbeTick,      // the next probe
    ProbeTimeout,   // the direct ping has had its time
    ProbeDeadline,  // and so have the helpers
    Nack,           // tell the asker that its target is silent here too
    Suspicion,      // the suspect has not refuted
    Delivery,       // who was told of our leave has had time to ack
    Evidence,       // ask again whether the suspect's host refuses connections
    Takeover,       // a claim of a member's name has waited for the check before it
  };
  Kind kind = Kind::ProbeTick;
  std::uint32_t key = 0;

  friend bool operator==(const Timer&, const Timer&) = default;
};

struct Layer {
  Layer(const Config& config_in, const LocalAddress& local_in, members::Table& table_in,
        base::Rng& rng_in, Counters& counters_in)
      : config(config_in),
        local(local_in),
        table(table_in),
        rng(rng_in),
        counters(counters_in),
        order(table_in, rng_in, config_in.timing.gossip_to_the_dead_time),
        peers(table_in, rng_in) {}

  const Config& config;
  const LocalAddress& local;
  members::Table& table;
  base::Rng& rng;
  Counters& counters;
  ProbeOrder order;
  RandomPeers peers;
  base::Timers<Timer> timers;
  std::uint32_t last_sequence = 0;  // of our pings, relayed ones included
  std::uint32_t last_check = 0;     // number of our AddressChecks

  // n of the formulae.
  [[nodiscard]] std::size_t node_count() const { return order.size(); }
  void cancel(const Timer& timer) {
    timers.cancel_if([&](const Timer& armed) { return armed == timer; });
  }
};

}  // namespace gossip::swim
