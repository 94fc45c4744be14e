// The Serf layer (gossip-wire §8): Lamport clocks, statuses, intents, events, reaping, reconnecting.
// Inputs are methods, outputs are appended; this file routes, the rules live in the named files beside it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "gossip/config.h"
#include "gossip/engine.h"
#include "gossip/error.h"
#include "gossip/stats.h"
#include "gossip/time.h"

#include "base/rng.h"
#include "cluster/intents.h"
#include "cluster/key_answer.h"
#include "cluster/lamport.h"
#include "cluster/outputs.h"
#include "members/table.h"

namespace gossip::cluster {

// Whose push/pull it is: only a join that we began may skip old events (gossip-wire §8.8 step 4).
enum class MergeKind : std::uint8_t { Sync, JoinIgnoringOld, JoinReplaying };

// What became of a Serf message. Malformed, Unknown (no such type here): for the caller to count. Old:
// seen before, or not served for a reason that the layer has counted (Counters::drop).
enum class Verdict : std::uint8_t { Taken, Old, Malformed, Unknown };

class Cluster {
 public:
  // All references outlive the layer.
  Cluster(const Config& config, const LocalAddress& local, members::Table& table, base::Rng& rng,
          Counters& counters);
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;
  Cluster(Cluster&&) = delete;
  Cluster& operator=(Cluster&&) = delete;
  ~Cluster();

  // Before `start`: the clocks go on from the last run's, and events and queries that it had are old.
  void restore(const Clocks& last_run);
  // As far as this layer knows; the time of a user event that it publishes stands in the event.
  [[nodiscard]] Clocks clocks() const;

  // What `swim` found (swim/outputs.h).
  void node_joined(TimePoint now, members::Index member, Outputs& out);
  void node_gone(TimePoint now, members::Index member, Outputs& out);
  void node_updated(members::Index member, Outputs& out);
  void node_conflict(TimePoint now, members::Index member, const Address& other, Outputs& out);

  // A user message from a packet or a stream: Serf's type byte and body. What is new and meant for all is
  // broadcast again with its received bytes.
  Verdict receive(TimePoint now, ByteView message, Outputs& out);

  // Push/pull's user state, Serf's type byte first.
  [[nodiscard]] Bytes local_state() const;
  Verdict merge_state(TimePoint now, ByteView state, MergeKind kind, Outputs& out);

  // We joined somebody: tell all (LTime = member time).
  void announce_join(Outputs& out);
  // Our leave begins: status leaving, the intent queued with `ticket` if another member is alive.
  // Returns whether it was queued.
  bool begin_leave(TimePoint now, std::uint32_t ticket, Outputs& out);
  // Our leave is over; our own status becomes left.
  void end_leave(TimePoint now, Outputs& out);
  void force_leave(TimePoint now, std::string_view name, Prune prune, Outputs& out);

  // As in gossip/engine.h, where the errors stand.
  Expected<void> send_event(std::string_view name, ByteView payload, Coalesce coalesce,
                            Outputs& out);
  Expected<QueryToken> send_query(TimePoint now, const QueryParams& params, Outputs& out);
  Expected<void> respond(TimePoint now, QueryToken query, ByteView payload, Outputs& out);
  void decline(TimePoint now, QueryToken query, Outputs& out);

  // Asks all for their keys, or to change them; KeysAnswered follows, before which it is not called again.
  Expected<QueryToken> ask_keys(TimePoint now, const KeyCommand& command, Outputs& out);
  // What became of a KeyRequested.
  void answer_keys(TimePoint now, QueryToken query, const KeyAnswer& answer, Outputs& out);
  // Another claims our name and may be alive: asks whose it is (conflict.h).
  void name_contested(TimePoint now, Outputs& out);

  void advance(TimePoint now, Outputs& out);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  // What is remembered about a name that is no member yet.
  [[nodiscard]] std::optional<RecentIntent> recent_intent(std::string_view name) const;

  // Fills the figures that this layer knows.
  void fill(Gauges& gauges) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace gossip::cluster
