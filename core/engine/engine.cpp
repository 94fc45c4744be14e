#include "gossip/engine.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/earlier.h"
#include "base/overloaded.h"
#include "engine/parts.h"
#include "wire/tags_codec.h"

namespace gossip {

namespace {

wire::Keyring make_keyring(const Config& config) {
  wire::Keyring keyring;
  // `check` has seen the lengths; a key that stands twice counts once.
  for (const Bytes& key : config.encryption_keys)
    (void)keyring.add(key);
  return keyring;
}

wire::Wrapping make_wrapping(const Config& config, const std::optional<wire::Cipher>& cipher) {
  return {.label = config.label,
          .compression = config.compression,
          .cipher = cipher.has_value() ? &*cipher : nullptr};
}

}  // namespace

Engine::Parts::Parts(Config config_in, LocalAddress local_in, const Seed& seed,
                     NonceSource& nonces_in, base::TextPool& texts)
    : config(std::move(config_in)),
      local(local_in),
      rng(seed),
      nonces(nonces_in),
      table(texts, config.max_members, rng.next()),
      keyring(make_keyring(config)),
      cipher(keyring.empty() ? std::nullopt : std::make_optional<wire::Cipher>(keyring)),
      wrapping(make_wrapping(config, cipher)),
      swim(config, local, table, rng, stats.counters),
      cluster(config, local, table, rng, stats.counters),
      outbox(config, wrapping, nonces, swim, table, stats.counters),
      conversations(config, wrapping, nonces, stats.counters, seed),
      snapshot(config),
      coordinates(config.coordinates, seed, stats.counters) {}

void Engine::Parts::settle(TimePoint now, Effects& out) {
  do {
    drain_swim(now, out);
    drain_cluster(now, out);
    outbox.settle(now, out);
    for (const std::uint32_t ticket : outbox.take_done())
      intent_spread(now, ticket);
  } while (!swim_out.empty() || !cluster_out.empty());
  schedule_push_pull(now);
  watch_key(out);
  snapshot.settle(now, cluster.clocks(), out);
}

// A route may put out more, which comes after what is there.
void Engine::Parts::drain_swim(TimePoint now, Effects& out) {
  // swim_out and swim_routed change places and keep their room: a packet's outputs cost no memory, a burst's are given back.
  constexpr std::size_t kKept = 64;
  while (!swim_out.empty()) {
    GOSSIP_CHECK(swim_routed.empty());
    swim_routed.swap(swim_out);
    for (swim::Output& output : swim_routed)
      route(now, output, out);
    swim_routed.clear();
    if (swim_routed.capacity() > kKept) swim_routed.shrink_to_fit();
  }
}

void Engine::Parts::drain_cluster(TimePoint now, Effects& out) {
  while (!cluster_out.empty()) {
    for (cluster::Output& output : std::exchange(cluster_out, {}))
      route(now, output, out);
  }
}

void Engine::Parts::route(TimePoint now, swim::Output& output, Effects& out) {
  std::visit(base::Overloaded{
                 [&](swim::Send& send) { outbox.send(std::move(send), out); },
                 [&](swim::Broadcast& broadcast) { outbox.queue(now, std::move(broadcast)); },
                 [&](swim::StreamPing& ping) {
                   conversations.open(now,
                                      {.purpose = Purpose::Probe,
                                       .to = ping.to,
                                       .owner = ping.sequence,
                                       .node = std::move(ping.node),
                                       .give_up_at = ping.give_up_at},
                                      out);
                 },
                 [&](swim::AddressCheck& check) {
                   conversations.open(now,
                                      {.purpose = Purpose::Check,
                                       .to = check.to,
                                       .owner = check.id,
                                       .node = {},
                                       .give_up_at = check.give_up_at},
                                      out);
                 },
                 [&](swim::Joined& joined) {
                   outbox.wake();
                   cluster.node_joined(now, joined.member, cluster_out);
                 },
                 [&](swim::Gone& gone) { cluster.node_gone(now, gone.member, cluster_out); },
                 [&](swim::Updated& updated) { cluster.node_updated(updated.member, cluster_out); },
                 [&](swim::Conflict& conflict) {
                   cluster.node_conflict(now, conflict.member, conflict.other, cluster_out);
                 },
                 [&](swim::NameContested&) { cluster.name_contested(now, cluster_out); },
                 [&](swim::RoundTrip& trip) { learn_coordinate(now, trip, out); },
                 [&](swim::Swept& swept) { forget_if_unused(swept.member); },
                 [&](swim::Departed&) { departed(now); },
                 [&](Log& log) { out.emplace_back(std::move(log)); },
             },
             output);
  // Causes come before their consequences, also in what subscribers hear.
  drain_cluster(now, out);
}

void Engine::Parts::route(TimePoint now, cluster::Output& output, Effects& out) {
  std::visit(
      base::Overloaded{
          [&](cluster::Broadcast& broadcast) { outbox.queue(now, std::move(broadcast)); },
          [&](cluster::SendDirect& direct) { outbox.send_user(direct.to, direct.message, out); },
          [&](cluster::Published& published) {
            snapshot.note(published.event);
            out.emplace_back(Publish{std::move(published.event)});
          },
          [&](QueryReply& reply) { out.emplace_back(std::move(reply)); },
          [&](QueryDone& done) { out.emplace_back(std::move(done)); },
          [&](cluster::KeyRequested& request) { key_requested(now, request, out); },
          [&](cluster::KeysAnswered& answered) {
            keys_answered(now, std::move(answered.result), out);
          },
          [&](Stop& stop) { out.emplace_back(std::move(stop)); },
          [&](cluster::Reconnect& reconnect) {
            open_push_pull(now, Purpose::Reconnect, table.at(reconnect.member).address(), 0, out);
          },
          [&](cluster::Reaped& reaped) {
            coordinates.forget(reaped.member);
            forget_if_unused(reaped.member);
          },
          [&](Log& log) { out.emplace_back(std::move(log)); },
      },
      output);
}

void Engine::Parts::forget_if_unused(members::Index member) {
  if (!table.holds(member)) return;
  const members::Record& record = table.at(member);
  if (record.is_counted() || record.is_member()) return;
  coordinates.forget(member);
  table.erase(member);
}

void Engine::Parts::learn_coordinate(TimePoint now, const swim::RoundTrip& trip, Effects& out) {
  const std::optional<Drop> dropped = coordinates.learn(trip.member, trip.duration, trip.payload);
  if (dropped.has_value()) {
    complain(now, *dropped, table.at(trip.member).name.view(), out);
  } else {
    swim.set_ack_payload(coordinates.ack_payload());
  }
}

Engine::Engine(Config config, LocalAddress local, Seed seed, NonceSource& nonces,
               base::TextPool& texts)
    : parts_(std::make_unique<Parts>(std::move(config), local, seed, nonces, texts)) {}

Engine::~Engine() = default;

void Engine::start(TimePoint now, Effects& out) {
  start(now, std::string_view(), out);
}

void Engine::start(TimePoint now, std::string_view last_run, Effects& out) {
  parts_->started_at = now;
  parts_->outbox.start(now);
  parts_->swim.set_ack_payload(parts_->coordinates.ack_payload());
  if (parts_->snapshot.read(last_run, out)) {
    parts_->cluster.restore(parts_->snapshot.clocks());
  }
  const Expected<Bytes> meta = wire::encode_tags(parts_->config.tags, parts_->config.protocol);
  if (!meta.has_value()) {  // Node::create refuses such a config
    out.emplace_back(Log{LogLevel::Error, "serf: starting without tags: " + meta.error().message});
    parts_->config.tags.clear();
  }
  parts_->swim.start(now, meta.has_value() ? ByteView(*meta) : ByteView(), parts_->swim_out);
  parts_->settle(now, out);
  parts_->begin_rejoin(now, engine::JoinKind::Rejoin, out);
}

void Engine::receive_packet(TimePoint now, const Address& from, ByteView datagram, Effects& out) {
  Counters& counters = parts_->stats.counters;
  ++counters.packets_received;
  counters.packet_bytes_received += datagram.size();
  parts_->swim.heard_from(from);
  const auto messages = parts_->opener.open(datagram, parts_->wrapping);
  if (!messages.has_value() && messages.error() == Drop::WrongLabel) {
    return parts_->complain_of_label(now, from, datagram, out);
  }
  if (!messages.has_value()) {
    parts_->complain(now, messages.error(), from, out);
    return;
  }
  if (!parts_->cipher && messages->size() == 1 && wire::seems_sealed(messages->front())) {
    return parts_->complain(now, Drop::Undecryptable, from, out, engine::kNoKeyHere);
  }
  for (const ByteView message : *messages) {
    parts_->dispatch(now, from, message, out);
    // What one message changes is there before the next one: a member before its intents, and events in the order
    // in which they were told.
    parts_->drain_swim(now, out);
    parts_->drain_cluster(now, out);
  }
  if (const std::optional<Drop> damage = parts_->opener.damage()) {
    parts_->complain(now, *damage, from, out);
  }
  parts_->settle(now, out);
}

void Engine::packet_refused(TimePoint now, const Address& to, Effects& out) {
  parts_->swim.packet_refused(now, to, parts_->swim_out);
  parts_->settle(now, out);
}

StreamId Engine::accept_stream(TimePoint now, const Address& from, Effects& out) {
  parts_->swim.heard_from_host(from.ip);
  return parts_->conversations.accept(now, from, out);
}

void Engine::stream_opened(TimePoint now, StreamId id, Effects& out) {
  if (engine::Conversation* conversation = parts_->conversations.find(id)) {
    parts_->speak_first(now, id, *conversation, out);
    parts_->settle(now, out);
  }
}

void Engine::receive_stream(TimePoint now, StreamId id, ByteView bytes, Effects& out) {
  parts_->hear(now, id, bytes, out);
  parts_->settle(now, out);
}

void Engine::stream_ended(TimePoint now, StreamId id, StreamEnd why, Effects& out) {
  const engine::Conversation* conversation = parts_->conversations.find(id);
  if (conversation == nullptr) return;
  const bool asks_who_listens = conversation->purpose == engine::Purpose::Check ||
                                conversation->purpose == engine::Purpose::Probe;
  if (asks_who_listens && why == StreamEnd::Refused) {
    const engine::Purpose purpose = conversation->purpose;
    const std::uint32_t owner = conversation->owner;
    parts_->conversations.forget(id);
    parts_->refused(now, purpose, owner);
    parts_->settle(now, out);
    return;
  }
  std::string reason(to_string(why));
  if (why == StreamEnd::Closed) {
    reason =
        "closed without an answer: is that a gossip port, and are cluster label and encryption the "
        "same?";
  }
  parts_->stream_failed(now, id, std::move(reason), out);
  parts_->settle(now, out);
}

void Engine::saved(TimePoint now, SavedFile file, const Expected<void>& result, Effects& out) {
  switch (file) {
    case SavedFile::Snapshot:
      if (!result.has_value()) ++parts_->stats.counters.snapshot_failures;
      parts_->snapshot.saved(now, result, out);
      break;
    case SavedFile::Keyring: parts_->keyring_saved(now, result, out); break;
  }
  parts_->settle(now, out);
}

void Engine::advance(TimePoint now, Effects& out) {
  Parts& parts = *parts_;
  parts.swim.advance(now, parts.swim_out);
  parts.drain_swim(now, out);
  parts.cluster.advance(now, parts.cluster_out);
  parts.outbox.advance(now, out);
  parts.expire_streams(now, out);
  if (parts.push_pull_at.has_value() && *parts.push_pull_at <= now) parts.run_push_pull(now, out);
  if (parts.rejoin_at.has_value() && *parts.rejoin_at <= now) parts.run_rejoin_timer(now, out);
  parts.snapshot.advance(now);
  parts.settle(now, out);
  // One phase may end in the turn in which the next one begins.
  while (parts.leave_at.has_value() && *parts.leave_at <= now) {
    parts.run_leave_timer(now, out);
    parts.settle(now, out);
  }
  // A query that this turn has begun (the next key command, a name vote) looks for its end at once.
  while (parts.cluster.next_deadline().value_or(TimePoint::max()) <= now) {
    parts.cluster.advance(now, parts.cluster_out);
    parts.settle(now, out);
  }
}

std::optional<TimePoint> Engine::next_deadline() const {
  std::optional<TimePoint> next =
      base::earlier(parts_->swim.next_deadline(), parts_->cluster.next_deadline());
  next = base::earlier(next, parts_->outbox.next_deadline());
  next = base::earlier(next, parts_->conversations.next_deadline());
  next = base::earlier(next, parts_->push_pull_at);
  next = base::earlier(next, parts_->rejoin_at);
  next = base::earlier(next, parts_->snapshot.next_deadline());
  return base::earlier(next, parts_->leave_at);
}

Expected<void> Engine::set_tags(TimePoint now, Tags tags, Effects& out) {
  if (parts_->leave_phase != engine::LeavePhase::None) {
    return fail(ErrorCode::WrongState,
                "cannot change tags: this node is leaving or has left its cluster");
  }
  const Expected<Bytes> meta = wire::encode_tags(tags, parts_->config.protocol);
  if (!meta.has_value()) return tl::unexpected(meta.error());
  parts_->config.tags = std::move(tags);
  parts_->swim.set_meta(now, *meta, parts_->swim_out);
  parts_->settle(now, out);
  return {};
}

Expected<void> Engine::force_leave(TimePoint now, std::string_view name, Prune prune,
                                   Effects& out) {
  if (name.empty() || name.size() > kMaxNameBytes) {
    return fail(ErrorCode::InvalidArgument, "a member's name has 1 to " +
                                                std::to_string(kMaxNameBytes) + " bytes, not " +
                                                std::to_string(name.size()));
  }
  parts_->cluster.force_leave(now, name, prune, parts_->cluster_out);
  parts_->settle(now, out);
  return {};
}

const Tags& Engine::tags() const {
  return parts_->config.tags;
}
const std::string& Engine::name() const {
  return parts_->config.node_name;
}
const LocalAddress& Engine::local_address() const {
  return parts_->local;
}

std::vector<Member> Engine::members() const {
  const members::Table& table = parts_->table;
  std::vector<Member> all;
  all.reserve(table.size());
  for (members::Index index = 0; index < table.end_index(); ++index) {
    if (table.holds(index) && table.at(index).is_member())
      all.push_back(to_member(table.at(index)));
  }
  std::sort(all.begin(), all.end(),
            [](const Member& a, const Member& b) { return a.name < b.name; });
  return all;
}

std::optional<Member> Engine::member(std::string_view name) const {
  const std::optional<members::Index> index = parts_->table.find(name);
  if (!index.has_value() || !parts_->table.at(*index).is_member()) return std::nullopt;
  return to_member(parts_->table.at(*index));
}

std::optional<Coordinate> Engine::coordinate(std::string_view name) const {
  if (name == parts_->config.node_name) return parts_->coordinates.own();
  const std::optional<members::Index> index = parts_->table.find(name);
  return index.has_value() ? parts_->coordinates.of(*index) : std::nullopt;
}

const Stats& Engine::stats() const {
  Gauges& gauges = parts_->stats.gauges;
  parts_->cluster.fill(gauges);
  parts_->outbox.fill(gauges);
  gauges.health_score = parts_->swim.health_score();
  gauges.open_streams = static_cast<std::uint32_t>(parts_->conversations.size());
  gauges.encrypted = parts_->cipher.has_value();
  gauges.coordinates = parts_->coordinates.is_on();
  gauges.snapshot_failing = parts_->snapshot.is_failing();
  return parts_->stats;
}

}  // namespace gossip
