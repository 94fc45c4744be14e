// Everything that leaves as UDP: the four broadcast queues, piggybacking, gossip ticks, eager waves, sealing
// (gossip-wire §2.3, §2.4, §7.8; docs/serf-compatibility.md "Faster").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gossip/config.h"
#include "gossip/effects.h"
#include "gossip/nonce_source.h"
#include "gossip/stats.h"
#include "gossip/time.h"

#include "cluster/outputs.h"
#include "members/table.h"
#include "swim/broadcast_queue.h"
#include "swim/outputs.h"
#include "swim/spread.h"
#include "swim/swim.h"
#include "wire/packet.h"

namespace gossip::engine {

// A Serf message as memberlist carries it: behind the user byte, which counts as one of its bytes.
[[nodiscard]] Bytes as_user_message(ByteView message);

class Outbox {
 public:
  // All references outlive the outbox.
  Outbox(const Config& config, const wire::Wrapping& wrapping, NonceSource& nonces,
         swim::Swim& swim, const members::Table& table, Counters& counters);

  // Once, before any other input.
  void start(TimePoint now) { began_ = now; }
  // Queues a broadcast; it leaves with the next wave, tick or piggyback. One that fits no packet is over at once.
  void queue(TimePoint now, swim::Broadcast broadcast);
  void queue(TimePoint now, cluster::Broadcast broadcast);
  // One packet of its own, filled up with broadcasts where the sender allows it.
  void send(swim::Send send, Effects& out);
  // A Serf message alone in its packet.
  void send_user(const Address& to, ByteView message, Effects& out);

  // Serf's: from this length on a queue is worth a warning in each queue check interval (gossip-wire §8.7).
  static constexpr std::size_t kDeepQueue = 128;

  // Carries out the wave that is due and arms the tick; at the end of every input.
  void settle(TimePoint now, Effects& out);
  void advance(TimePoint now, Effects& out);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  // Somebody to tell has come up: a tick that found nobody runs again.
  void wake() { parked_ = false; }

  // Tickets of broadcasts that are over since the last call.
  [[nodiscard]] std::vector<std::uint32_t> take_done();

  // With the present primary key; another one begins at nought.
  [[nodiscard]] std::uint64_t packets_sealed() const { return packets_sealed_; }
  void primary_key_changed() { packets_sealed_ = 0; }

  void fill(Gauges& gauges) const;

 private:
  // Whether a take may use up copies that are meant for the ticks.
  enum class Take : std::uint8_t { Any, FirstSight };

  [[nodiscard]] bool fits(ByteView message);
  void note_new(TimePoint now, swim::ClaimKind kind, std::string_view subject);
  void shed(swim::BroadcastQueue& queue);
  void gather(std::size_t space, Take take);
  [[nodiscard]] TimePoint next_tick(TimePoint now) const;
  void tick(TimePoint now, Effects& out);
  void wave(TimePoint now, Effects& out);
  bool tell(const members::Record& member, Take take, Effects& out);
  void check_depths(Effects& out);
  void emit(const Address& to, wire::Crc crc, Effects& out);
  [[nodiscard]] bool anything_queued() const;
  [[nodiscard]] bool any_deep_queue() const;
  [[nodiscard]] std::uint32_t limit() const;

  const Config& config_;
  const wire::Wrapping& wrapping_;
  NonceSource& nonces_;
  swim::Swim& swim_;
  const members::Table& table_;
  Counters& counters_;

  swim::BroadcastQueue swim_queue_;
  // In the order in which packets take them: intents, queries, events. Messages carry the user byte.
  std::array<swim::BroadcastQueue, 3> cluster_queues_;
  swim::Spread spread_;
  std::vector<std::uint32_t> done_;
  std::uint64_t packets_sealed_ = 0;

  TimePoint began_;
  std::optional<TimePoint> tick_at_;
  std::optional<TimePoint> wave_at_;
  std::optional<TimePoint> check_at_;  // set while a queue of Serf's is deep
  bool parked_ = false;                // the last tick found nobody to tell

  std::vector<Bytes> parts_;  // of the packet that is being put together
  std::vector<ByteView> views_;
};

}  // namespace gossip::engine
