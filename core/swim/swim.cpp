#include "swim/swim.h"

#include <utility>

#include "swim/answers.h"
#include "swim/awareness.h"
#include "swim/claims.h"
#include "swim/death_evidence.h"
#include "swim/delivery.h"
#include "swim/layer.h"
#include "swim/probe.h"
#include "swim/relay.h"
#include "swim/rows.h"
#include "swim/self.h"
#include "swim/versions.h"
#include "wire/swim_codec.h"

namespace gossip::swim {

using members::Index;
using members::Record;
using members::SwimState;

struct Swim::Parts {
  Parts(const Config& config, const LocalAddress& local, members::Table& table, base::Rng& rng,
        Counters& counters)
      : layer(config, local, table, rng, counters),
        awareness(config.timing.awareness_max_multiplier),
        self(layer, awareness),
        claims(layer, self),
        evidence(layer, self, claims, awareness),
        answers(layer, self, claims, evidence),
        relay(layer, self, claims, answers),
        delivery(layer, self),
        probe(layer, self, claims, awareness, evidence) {}

  void run(TimePoint now, const Timer& timer, Outputs& out);

  Layer layer;
  Awareness awareness;
  Self self;
  Claims claims;
  DeathEvidence evidence;
  Answers answers;
  Relay relay;
  Delivery delivery;
  Probe probe;
};

void Swim::Parts::run(TimePoint now, const Timer& timer, Outputs& out) {
  switch (timer.kind) {
    case Timer::Kind::ProbeTick: probe.tick(now, out); break;
    case Timer::Kind::ProbeTimeout: probe.direct_timed_out(now, timer.key, out); break;
    case Timer::Kind::ProbeDeadline: probe.deadline_passed(now, timer.key, out); break;
    case Timer::Kind::Nack: relay.nack_due(timer.key, out); break;
    case Timer::Kind::Suspicion:
      claims.suspicion_expired(now, timer.key, out);
      evidence.review();
      break;
    case Timer::Kind::Delivery: delivery.ask(now, out); break;
    case Timer::Kind::Evidence: evidence.check_due(now, timer.key, out); break;
    case Timer::Kind::Takeover:
      claims.takeover_due(now, timer.key, out);
      evidence.review();
      probe.arm(now);
      break;
  }
}

Swim::Swim(const Config& config, const LocalAddress& local, members::Table& table, base::Rng& rng,
           Counters& counters)
    : parts_(std::make_unique<Parts>(config, local, table, rng, counters)) {}

Swim::~Swim() = default;

void Swim::start(TimePoint now, ByteView meta, Outputs& out) {
  parts_->claims.take_own(now, parts_->self.next_claim(meta), out);
  parts_->probe.start(now);
}

void Swim::receive(TimePoint now, const Address& from, const wire::Ping& message, Outputs& out) {
  parts_->answers.receive(now, from, message, out);
}

void Swim::receive(TimePoint now, const Address& from, const wire::IndirectPing& message,
                   Outputs& out) {
  parts_->relay.receive(now, from, message, out);
}

void Swim::receive(TimePoint now, const Address& from, const wire::Ack& message, Outputs& out) {
  if (parts_->relay.receive(now, message, out)) return;
  if (parts_->delivery.receive(message, out)) return;
  parts_->probe.receive(now, from, message, out);
}

void Swim::receive(TimePoint now, const Address& /*from*/, const wire::Nack& message,
                   Outputs& /*out*/) {
  parts_->probe.receive(now, message);
}

void Swim::receive(TimePoint now, const wire::Suspect& message, Outputs& out) {
  parts_->claims.take(now, message, out);
}

void Swim::receive(TimePoint now, const wire::Alive& message, Outputs& out) {
  parts_->claims.take(now, message, Heard::Gossip, out);
  parts_->evidence.review();
  parts_->probe.arm(now);
}

void Swim::receive(TimePoint now, const wire::Dead& message, Outputs& out) {
  parts_->claims.take(now, message, out);
  parts_->evidence.review();
}

void Swim::packet_refused(TimePoint now, const Address& to, Outputs& out) {
  parts_->probe.refused(now, to, out);
}

void Swim::stream_ping_answered(TimePoint now, std::uint32_t sequence) {
  parts_->probe.stream_answered(now, sequence);
}

void Swim::stream_ping_refused(TimePoint now, std::uint32_t sequence, Outputs& out) {
  parts_->probe.stream_refused(now, sequence, out);
}

void Swim::address_checked(TimePoint now, std::uint32_t id, Listener listener, Outputs& out) {
  if (parts_->evidence.checked(now, id, listener, out)) return;
  parts_->claims.address_checked(now, id, listener, out);
  parts_->evidence.review();
  parts_->probe.arm(now);
}

void Swim::heard_from(const Address& place) {
  parts_->evidence.heard_from(place);
}

void Swim::heard_from_host(const IpAddress& host) {
  parts_->evidence.heard_from_host(host);
}

Expected<void> Swim::check_versions(std::span<const wire::NodeState> rows) const {
  const Layer& layer = parts_->layer;
  return layer.config.misfit_versions == MisfitVersions::Believe
             ? check_compatible(rows, layer.table)
             : check_any_fits(rows, layer.table.at(self()));
}

void Swim::merge(TimePoint now, std::span<const wire::NodeState> rows, Outputs& out) {
  parts_->layer.table.make_room(rows.size());
  take_rows(now, rows, parts_->self.name(), parts_->claims, out);
  parts_->evidence.review();
  parts_->probe.arm(now);
}

std::vector<wire::NodeState> Swim::local_rows() const {
  return rows_of(parts_->layer.table);
}

void Swim::set_meta(TimePoint now, ByteView meta, Outputs& out) {
  parts_->claims.take_own(now, parts_->self.next_claim(meta), out);
}

void Swim::leave(TimePoint now, Bytes before, Outputs& out) {
  if (!parts_->self.begin_leave()) return;
  const wire::Dead good_bye = parts_->self.good_bye();
  parts_->claims.take(now, good_bye, out);
  std::vector<Bytes> news;
  if (!before.empty()) news.push_back(std::move(before));
  news.push_back(wire::encode(good_bye));
  parts_->delivery.begin(now, std::move(news), out);
}

void Swim::set_ack_payload(Bytes payload) {
  parts_->answers.set_payload(std::move(payload));
}

void Swim::advance(TimePoint now, Outputs& out) {
  while (const std::optional<Timer> timer = parts_->layer.timers.take_due(now)) {
    parts_->run(now, *timer, out);
  }
}

std::optional<TimePoint> Swim::next_deadline() const {
  return parts_->layer.timers.next_deadline();
}

Index Swim::self() const {
  return parts_->self.index();
}

std::size_t Swim::node_count() const {
  return parts_->layer.node_count();
}

std::size_t Swim::live_count() const {
  return parts_->claims.live_count();
}

std::uint32_t Swim::health_score() const {
  return parts_->awareness.score();
}

std::vector<Index> Swim::random_alive(std::size_t count) {
  return parts_->layer.peers.pick(count, [&](Index node, const Record& record) {
    return node != parts_->self.index() && record.state == SwimState::Alive;
  });
}

std::vector<Index> Swim::random_living(std::size_t count) {
  return parts_->layer.peers.pick(count, [&](Index node, const Record& record) {
    return node != parts_->self.index() && record.is_live();
  });
}

std::vector<Index> Swim::random_gossip_targets(TimePoint now, std::size_t count) {
  const Duration dead_time = parts_->layer.config.timing.gossip_to_the_dead_time;
  return parts_->layer.peers.pick(count, [&](Index node, const Record& record) {
    if (node == parts_->self.index()) return false;
    if (record.is_live()) return true;
    return record.state == SwimState::Dead && now - record.state_since <= dead_time;
  });
}

}  // namespace gossip::swim
