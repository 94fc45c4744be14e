#include "engine/outbox.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/earlier.h"
#include "swim/scaling.h"
#include "wire/swim_messages.h"

namespace gossip::engine {

namespace {

wire::Crc crc_for(const members::Record& member) {
  constexpr std::uint8_t kFirstProtocolWithCrc = 5;
  return member.versions.protocol_max >= kFirstProtocolWithCrc ? wire::Crc::On : wire::Crc::Off;
}

// Of a broadcast of memberlist's own.
swim::ClaimKind kind_of(ByteView message) {
  return message.front() == static_cast<std::uint8_t>(wire::MessageType::Alive)
             ? swim::ClaimKind::Alive
             : swim::ClaimKind::Accusation;
}

}  // namespace

Bytes as_user_message(ByteView message) {
  Bytes whole;
  whole.reserve(message.size() + 1);
  whole.push_back(static_cast<std::uint8_t>(wire::MessageType::User));
  whole.insert(whole.end(), message.begin(), message.end());
  return whole;
}

Outbox::Outbox(const Config& config, const wire::Wrapping& wrapping, NonceSource& nonces,
               swim::Swim& swim, const members::Table& table, Counters& counters)
    : config_(config),
      wrapping_(wrapping),
      nonces_(nonces),
      swim_(swim),
      table_(table),
      counters_(counters) {}

// Whether a packet that carries nothing else has room for it. Queued, it would wait until it is shed.
bool Outbox::fits(ByteView message) {
  const std::size_t beside =
      wire::kCompoundHeaderBytes + wire::kCompoundPerPartBytes + wire::wrapping_overhead(wrapping_);
  if (beside + message.size() <= wire::kPacketBytes) return true;
  ++counters_.broadcasts_shed;
  return false;
}

void Outbox::queue(TimePoint now, swim::Broadcast broadcast) {
  if (!fits(broadcast.message)) {
    swim_queue_.displace(broadcast.subject, done_);
    return;
  }
  const swim::ClaimKind kind = kind_of(broadcast.message);
  swim_queue_.insert(broadcast.subject, std::move(broadcast.message), 0, done_);
  shed(swim_queue_);
  note_new(now, kind, broadcast.subject);
}

void Outbox::queue(TimePoint now, cluster::Broadcast broadcast) {
  swim::BroadcastQueue& queue = cluster_queues_[static_cast<std::size_t>(broadcast.queue)];
  Bytes message = as_user_message(broadcast.message);
  if (!fits(message)) {
    if (broadcast.ticket != 0) done_.push_back(broadcast.ticket);
    return;
  }
  queue.insert({}, std::move(message), broadcast.ticket, done_);
  shed(queue);
  note_new(now, swim::ClaimKind::Other, {});
}

void Outbox::note_new(TimePoint now, swim::ClaimKind kind, std::string_view subject) {
  parked_ = false;
  if (config_.first_push == FirstPush::OnTick) return;
  const std::optional<TimePoint> at = spread_.wave_at(now, kind, subject);
  if (at.has_value() && (!wave_at_.has_value() || *at < *wave_at_)) wave_at_ = at;
}

void Outbox::shed(swim::BroadcastQueue& queue) {
  if (queue.size() > config_.max_queue_depth) {
    counters_.broadcasts_shed += queue.prune(config_.max_queue_depth, done_);
  }
}

std::uint32_t Outbox::limit() const {
  const std::size_t n = swim_.node_count();
  const std::uint32_t serf_limit = swim::retransmit_limit(config_.timing.retransmit_mult, n);
  return config_.first_push == FirstPush::Eager ? swim::spread_limit(serf_limit, n) : serf_limit;
}

// Appends to parts_ what fits into `space` bytes, memberlist's own messages first.
void Outbox::gather(std::size_t space, Take take) {
  const std::uint32_t retransmit_limit = limit();
  // Whatever has gone more often than the limit allows, because the cluster has become smaller since, goes once more
  // and leaves.
  const std::uint32_t below =
      take == Take::FirstSight
          ? static_cast<std::uint32_t>(swim::eager_fanout(retransmit_limit, swim_.live_count()))
          : swim::BroadcastQueue::kAnyTransmits;
  auto from = [&](swim::BroadcastQueue& queue) {
    if (parts_.size() >= wire::kMaxCompoundParts || queue.empty()) return;
    const swim::BroadcastQueue::Budget budget{.overhead = wire::kCompoundPerPartBytes,
                                              .bytes = space,
                                              .messages = wire::kMaxCompoundParts - parts_.size(),
                                              .retransmit_limit = retransmit_limit,
                                              .below_transmits = below};
    space -= std::min(space, queue.take(budget, parts_, done_));
  };
  from(swim_queue_);
  const std::size_t own_parts = parts_.size();
  for (swim::BroadcastQueue& queue : cluster_queues_)
    from(queue);
  counters_.cluster_messages_sent += parts_.size() - own_parts;
  for (std::size_t i = own_parts; i < parts_.size(); ++i)
    counters_.cluster_bytes_sent += parts_[i].size() - 1;  // without memberlist's type byte
}

void Outbox::send(swim::Send send, Effects& out) {
  parts_ = std::move(send.messages);
  if (send.piggyback == swim::Piggyback::Allowed) {
    std::size_t used = wire::kCompoundHeaderBytes + wire::wrapping_overhead(wrapping_);
    for (const Bytes& part : parts_)
      used += part.size();
    if (used < wire::kPacketBytes) gather(wire::kPacketBytes - used, Take::Any);
  }
  const wire::Crc crc = send.member.has_value() ? crc_for(table_.at(*send.member)) : wire::Crc::Off;
  emit(send.to, crc, out);
}

void Outbox::send_user(const Address& to, ByteView message, Effects& out) {
  parts_.assign(1, as_user_message(message));
  emit(to, wire::Crc::Off, out);
}

void Outbox::emit(const Address& to, wire::Crc crc, Effects& out) {
  views_.assign(parts_.begin(), parts_.end());
  Bytes datagram = wire::seal_packet(views_, crc, wrapping_, nonces_);
  ++counters_.packets_sent;
  counters_.packet_bytes_sent += datagram.size();
  if (wrapping_.cipher != nullptr) ++packets_sealed_;
  out.emplace_back(SendPacket{to, std::move(datagram)});
}

// Sends one packet of broadcasts to `member`; false if there is nothing to send.
bool Outbox::tell(const members::Record& member, Take take, Effects& out) {
  parts_.clear();
  gather(wire::kPacketBytes - wire::kCompoundHeaderBytes - wire::wrapping_overhead(wrapping_),
         take);
  if (parts_.empty()) return false;
  emit(member.address(), crc_for(member), out);
  return true;
}

void Outbox::wave(TimePoint now, Effects& out) {
  wave_at_.reset();
  const std::size_t fanout = swim::eager_fanout(limit(), swim_.live_count());
  const std::vector<members::Index> peers = swim_.random_living(fanout);
  const std::size_t admitted = spread_.admit(now, peers.size());
  for (std::size_t i = 0; i < admitted; ++i) {
    if (!tell(table_.at(peers[i]), Take::FirstSight, out)) break;
  }
}

void Outbox::tick(TimePoint now, Effects& out) {
  tick_at_.reset();
  const std::vector<members::Index> peers =
      swim_.random_gossip_targets(now, config_.timing.gossip_nodes);
  parked_ = peers.empty();
  for (const members::Index peer : peers) {
    if (!tell(table_.at(peer), Take::Any, out)) break;
  }
}

bool Outbox::anything_queued() const {
  return !swim_queue_.empty() || std::any_of(cluster_queues_.begin(), cluster_queues_.end(),
                                             [](const auto& queue) { return !queue.empty(); });
}

// An interval later, or sooner with a backlog. Without waves when a clock would strike that runs since our start, as
// Serf's does: news waits half an interval on average.
TimePoint Outbox::next_tick(TimePoint now) const {
  const Duration interval = config_.timing.gossip_interval;
  if (config_.first_push == FirstPush::OnTick) {
    return began_ + ((now - began_) / interval + 1) * interval;
  }
  std::size_t bytes = swim_queue_.bytes();
  for (const swim::BroadcastQueue& queue : cluster_queues_)
    bytes += queue.bytes();
  const std::size_t tick_bytes = config_.timing.gossip_nodes * wire::kPacketBytes;
  return now + interval / static_cast<std::int64_t>(swim::tick_haste(bytes, tick_bytes));
}

void Outbox::settle(TimePoint now, Effects& out) {
  if (wave_at_.has_value() && *wave_at_ <= now) wave(now, out);
  if (!tick_at_.has_value() && !parked_ && swim_.node_count() > 1 && anything_queued()) {
    tick_at_ = next_tick(now);
  }
  if (!check_at_.has_value() && any_deep_queue()) {
    check_at_ = now + config_.timing.queue_check_interval;
  }
}

bool Outbox::any_deep_queue() const {
  return std::any_of(cluster_queues_.begin(), cluster_queues_.end(),
                     [](const auto& queue) { return queue.size() >= kDeepQueue; });
}

void Outbox::check_depths(Effects& out) {
  check_at_.reset();
  constexpr std::array<std::string_view, 3> kNames{"Intent", "Query", "Event"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const std::size_t depth = cluster_queues_[i].size();
    if (depth < kDeepQueue) continue;
    out.emplace_back(Log{LogLevel::Warn, "serf: " + std::string(kNames[i]) +
                                             " queue depth: " + std::to_string(depth)});
  }
}

void Outbox::advance(TimePoint now, Effects& out) {
  if (tick_at_.has_value() && *tick_at_ <= now) tick(now, out);
  if (check_at_.has_value() && *check_at_ <= now) check_depths(out);
  settle(now, out);
}

std::optional<TimePoint> Outbox::next_deadline() const {
  return base::earlier(check_at_, base::earlier(tick_at_, wave_at_));
}

std::vector<std::uint32_t> Outbox::take_done() {
  return std::exchange(done_, {});
}

void Outbox::fill(Gauges& gauges) const {
  const auto length = [](const swim::BroadcastQueue& queue) {
    return static_cast<std::uint32_t>(queue.size());
  };
  gauges.packets_sealed = packets_sealed_;
  gauges.swim_queue = length(swim_queue_);
  gauges.intent_queue = length(cluster_queues_[static_cast<std::size_t>(cluster::Queue::Intents)]);
  gauges.query_queue = length(cluster_queues_[static_cast<std::size_t>(cluster::Queue::Queries)]);
  gauges.event_queue = length(cluster_queues_[static_cast<std::size_t>(cluster::Queue::Events)]);
}

}  // namespace gossip::engine
