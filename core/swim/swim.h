// SWIM with Lifeguard, as memberlist does it (gossip-wire §7): who is alive, suspected, dead or gone.
// Inputs are methods, outputs are appended; this file routes, the rules live in the named files beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gossip/config.h"
#include "gossip/engine.h"
#include "gossip/error.h"
#include "gossip/stats.h"
#include "gossip/time.h"

#include "base/rng.h"
#include "members/table.h"
#include "swim/outputs.h"
#include "wire/swim_messages.h"

namespace gossip::swim {

class Swim {
 public:
  // All references outlive the layer.
  Swim(const Config& config, const LocalAddress& local, members::Table& table, base::Rng& rng,
       Counters& counters);
  Swim(const Swim&) = delete;
  Swim& operator=(const Swim&) = delete;
  Swim(Swim&&) = delete;
  Swim& operator=(Swim&&) = delete;
  ~Swim();

  // Our own record becomes alive with `meta`, and probing begins.
  void start(TimePoint now, ByteView meta, Outputs& out);

  // Packets, message by message.
  void receive(TimePoint now, const Address& from, const wire::Ping& message, Outputs& out);
  void receive(TimePoint now, const Address& from, const wire::IndirectPing& message, Outputs& out);
  void receive(TimePoint now, const Address& from, const wire::Ack& message, Outputs& out);
  void receive(TimePoint now, const Address& from, const wire::Nack& message, Outputs& out);
  void receive(TimePoint now, const wire::Suspect& message, Outputs& out);
  void receive(TimePoint now, const wire::Alive& message, Outputs& out);
  void receive(TimePoint now, const wire::Dead& message, Outputs& out);
  // ICMP says that nobody listens there: a hint to ask others at once, never a verdict.
  void packet_refused(TimePoint now, const Address& to, Outputs& out);
  void stream_ping_answered(TimePoint now, std::uint32_t sequence);
  // The host of a StreamPing's target is there, and nobody listens.
  void stream_ping_refused(TimePoint now, std::uint32_t sequence, Outputs& out);
  // How an AddressCheck ended.
  void address_checked(TimePoint now, std::uint32_t id, Listener listener, Outputs& out);

  // A datagram came from there, or a connection to it has opened; a connection came from that host.
  void heard_from(const Address& place);
  void heard_from_host(const IpAddress& host);

  // Push/pull. Both sides check before they merge (gossip-wire §5.1); the error says which member does
  // not fit.
  [[nodiscard]] Expected<void> check_versions(std::span<const wire::NodeState> rows) const;
  void merge(TimePoint now, std::span<const wire::NodeState> rows, Outputs& out);
  // Every node of the table, dead, left and ourselves included. Views into the table.
  [[nodiscard]] std::vector<wire::NodeState> local_rows() const;

  // Our tags changed: incarnation + 1, told to all.
  void set_meta(TimePoint now, ByteView meta, Outputs& out);
  // Says good-bye; Departed follows when enough members have acked it, together with `before`, an encoded
  // message that they must take first (may be empty). That may be never.
  void leave(TimePoint now, Bytes before, Outputs& out);
  // What acks to pings of members carry: our coordinate, or nothing.
  void set_ack_payload(Bytes payload);

  void advance(TimePoint now, Outputs& out);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  [[nodiscard]] members::Index self() const;
  // n of the formulae: dead and left nodes count until they are swept.
  [[nodiscard]] std::size_t node_count() const;
  // Nodes that are neither dead nor left, ourselves included.
  [[nodiscard]] std::size_t live_count() const;
  [[nodiscard]] std::uint32_t health_score() const;
  // Up to `count` different nodes, uniformly: alive ones but ourselves (push/pull, direct asks).
  [[nodiscard]] std::vector<members::Index> random_alive(std::size_t count);
  // The same for a first wave: alive or suspect, so that no copy is spent on the dead.
  [[nodiscard]] std::vector<members::Index> random_living(std::size_t count);
  // The same for gossip: alive, suspect, or dead for at most gossip_to_the_dead_time.
  [[nodiscard]] std::vector<members::Index> random_gossip_targets(TimePoint now, std::size_t count);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace gossip::swim
