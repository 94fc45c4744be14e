#include "cluster/cluster.h"

#include <algorithm>
#include <string>
#include <utility>

#include "cluster/conflict.h"
#include "cluster/intents.h"
#include "cluster/lamport.h"
#include "cluster/queries.h"
#include "cluster/reaper.h"
#include "cluster/status.h"
#include "cluster/user_events.h"
#include "wire/cluster_codec.h"

namespace gossip::cluster {
namespace {

// How an intent or event reached us: only what was gossiped is told on, and limited in number.
enum class Source : std::uint8_t { Gossip, PushPull };

// What is new is queued again with the bytes that came: unknown fields survive.
Verdict pass_on(Verdict verdict, Queue queue, ByteView message, Outputs& out) {
  if (verdict == Verdict::Taken) {
    out.push_back(Broadcast{queue, Bytes(message.begin(), message.end()), 0});
  }
  return verdict;
}

}  // namespace

struct Cluster::Parts {
  Parts(const Config& config_in, members::Table& table_in, base::Rng& rng, Counters& counters_in)
      : config(config_in),
        table(table_in),
        counters(counters_in),
        reaper(config_in.timing, rng),
        statuses(config_in, table_in, reaper),
        events(config_in.event_buffer),
        queries(table_in, config_in.event_buffer) {
    // No message has time 0, so that an empty field says nothing.
    member_clock.increment();
    event_clock.increment();
    query_clock.increment();
  }

  Verdict drop(Drop why) {
    counters.drop(why);
    return Verdict::Old;
  }

  Verdict receive(TimePoint now, ByteView message, Outputs& out);
  Verdict join_intent(TimePoint now, const wire::JoinIntent& intent, Source source);
  Verdict leave_intent(TimePoint now, const wire::LeaveIntent& intent, Source source, Outputs& out);
  Verdict buffer(TimePoint now, std::string_view name, RecentIntent intent, Source source);
  Verdict user_event(const wire::UserEventMessage& event, Outputs& out);
  Verdict query(const wire::QueryMessage& message);
  Verdict relay(TimePoint now, const wire::Relay& message, Outputs& out);
  void merge_clock(LamportClock& clock, LamportTime theirs);
  void merge_statuses(TimePoint now, wire::ClusterState& state, Outputs& out);
  void merge_events(const wire::ClusterState& state, Outputs& out);
  // A join intent of our own, so that all know we are here to stay.
  void announce(Outputs& out);

  const Config& config;
  members::Table& table;
  Counters& counters;
  LamportClock member_clock;
  LamportClock event_clock;
  LamportClock query_clock;
  OwnCourse own = OwnCourse::Staying;
  Reaper reaper;
  Statuses statuses;
  RecentIntents intents;
  UserEvents events;
  Queries queries;
  ConflictNotices conflicts;
};

Cluster::Cluster(const Config& config, const LocalAddress& /*local*/, members::Table& table,
                 base::Rng& rng, Counters& counters)
    : parts_(std::make_unique<Parts>(config, table, rng, counters)) {}

Cluster::~Cluster() = default;

void Cluster::start(TimePoint /*now*/, Outputs& /*out*/) {}

void Cluster::node_joined(TimePoint /*now*/, members::Index member, Outputs& out) {
  const std::string_view name = parts_->table.at(member).name.view();
  parts_->statuses.joined(member, parts_->intents.find(name), out);
}

void Cluster::node_gone(TimePoint now, members::Index member, Outputs& out) {
  parts_->statuses.gone(now, member, out);
}

void Cluster::node_updated(TimePoint /*now*/, members::Index member, Outputs& out) {
  parts_->statuses.updated(member, out);
}

void Cluster::node_conflict(TimePoint now, members::Index member, const Address& other,
                            Outputs& out) {
  const WhoseName whose = parts_->statuses.is_self(member) ? WhoseName::Ours : WhoseName::Anothers;
  parts_->conflicts.notice(now, parts_->table.at(member), other, whose, out);
}

Verdict Cluster::receive(TimePoint now, const Address& /*from*/, ByteView message, Outputs& out) {
  if (message.empty()) return Verdict::Malformed;
  return parts_->receive(now, message, out);
}

Bytes Cluster::local_state() const {
  wire::ClusterState state;
  state.member_time = parts_->member_clock.time();
  state.event_time = parts_->event_clock.time();
  state.query_time = parts_->query_clock.time();
  const members::Table& table = parts_->table;
  for (members::Index index = 0; index < table.end_index(); ++index) {
    if (!table.holds(index) || !table.at(index).is_member()) continue;
    const members::Record& record = table.at(index);
    state.status_times.emplace_back(record.name.view(), record.status_time);
    // Ourselves also while we leave: else this state tells a peer our leave's time as that of a join, and the
    // intent that follows is old to it. (Nobody refutes in our name, so the next time is still free.)
    const bool leaves =
        parts_->own == OwnCourse::Leaving && record.name.view() == parts_->config.node_name;
    if (record.status == MemberStatus::Left || leaves)
      state.left_members.push_back(record.name.view());
  }
  state.events = parts_->events.slots();
  return wire::encode(state);
}

Verdict Cluster::merge_state(TimePoint now, ByteView state, MergeKind kind, Outputs& out) {
  Parts& p = *parts_;
  if (state.empty()) return Verdict::Malformed;
  if (state[0] != static_cast<std::uint8_t>(wire::ClusterType::PushPull)) {
    return Verdict::Unknown;
  }
  std::optional<wire::ClusterState> theirs = wire::decode_cluster_state(state.subspan(1));
  if (!theirs) return Verdict::Malformed;

  const bool events_plausible = p.event_clock.is_plausible(theirs->event_time);
  p.merge_clock(p.member_clock, theirs->member_time);
  p.merge_clock(p.event_clock, theirs->event_time);
  p.merge_clock(p.query_clock, theirs->query_time);
  p.merge_statuses(now, *theirs, out);
  if (kind == MergeKind::JoinIgnoringOld && events_plausible) {
    p.events.ignore_before(theirs->event_time);
  }
  p.merge_events(*theirs, out);
  return Verdict::Taken;
}

void Cluster::announce_join(TimePoint /*now*/, Outputs& out) {
  parts_->announce(out);
}

bool Cluster::begin_leave(TimePoint now, std::uint32_t ticket, Outputs& out) {
  Parts& p = *parts_;
  p.own = OwnCourse::Leaving;
  const wire::LeaveIntent intent{p.member_clock.time(), p.config.node_name, false};
  p.member_clock.increment();
  p.leave_intent(now, intent, Source::PushPull, out);
  if (!p.statuses.has_other_alive()) return false;
  out.push_back(Broadcast{Queue::Intents, wire::encode(intent), ticket});
  return true;
}

void Cluster::end_leave(TimePoint now, Outputs& out) {
  const std::optional<members::Index> self = parts_->statuses.find(parts_->config.node_name);
  // Unless swim has reported our departure like anybody's.
  if (self && parts_->table.at(*self).status == MemberStatus::Leaving) {
    parts_->statuses.gone(now, *self, out);
  }
}

void Cluster::force_leave(TimePoint now, std::string_view name, Prune prune, Outputs& out) {
  Parts& p = *parts_;
  // Asked before the status changes: the only other member must hear of it, or it cannot refute.
  const bool is_heard = p.statuses.has_other_alive();
  const wire::LeaveIntent intent{p.member_clock.time(), name, prune == Prune::Yes};
  p.member_clock.increment();
  p.leave_intent(now, intent, Source::PushPull, out);
  if (is_heard) out.push_back(Broadcast{Queue::Intents, wire::encode(intent), 0});
}

void Cluster::advance(TimePoint now, Outputs& out) {
  parts_->reaper.advance(now, parts_->own, parts_->statuses, parts_->intents, out);
}

std::optional<TimePoint> Cluster::next_deadline() const {
  return parts_->reaper.next_deadline();
}

std::optional<RecentIntent> Cluster::recent_intent(std::string_view name) const {
  return parts_->intents.find(name);
}

void Cluster::fill(Gauges& gauges) const {
  const Statuses& statuses = parts_->statuses;
  gauges.members = static_cast<std::uint32_t>(statuses.member_count());
  gauges.failed = static_cast<std::uint32_t>(statuses.count(MemberStatus::Failed));
  gauges.left = static_cast<std::uint32_t>(statuses.count(MemberStatus::Left));
  gauges.member_time = parts_->member_clock.time();
  gauges.event_time = parts_->event_clock.time();
  gauges.query_time = parts_->query_clock.time();
}

Verdict Cluster::Parts::receive(TimePoint now, ByteView message, Outputs& out) {
  const ByteView body = message.subspan(1);
  switch (static_cast<wire::ClusterType>(message[0])) {
    case wire::ClusterType::Join: {
      const std::optional<wire::JoinIntent> intent = wire::decode_join_intent(body);
      if (!intent) return Verdict::Malformed;
      return pass_on(join_intent(now, *intent, Source::Gossip), Queue::Intents, message, out);
    }
    case wire::ClusterType::Leave: {
      const std::optional<wire::LeaveIntent> intent = wire::decode_leave_intent(body);
      if (!intent) return Verdict::Malformed;
      return pass_on(leave_intent(now, *intent, Source::Gossip, out), Queue::Intents, message, out);
    }
    case wire::ClusterType::UserEvent: {
      const std::optional<wire::UserEventMessage> event = wire::decode_user_event(body);
      if (!event) return Verdict::Malformed;
      return pass_on(user_event(*event, out), Queue::Events, message, out);
    }
    case wire::ClusterType::Query: {
      const std::optional<wire::QueryMessage> asked = wire::decode_query(body);
      if (!asked) return Verdict::Malformed;
      const Verdict verdict = query(*asked);
      if ((asked->flags & wire::kQueryNoBroadcast) != 0) return verdict;
      return pass_on(verdict, Queue::Queries, message, out);
    }
    case wire::ClusterType::QueryResponse:
      // No query of ours is running.
      return wire::decode_query_response(body) ? Verdict::Old : Verdict::Malformed;
    case wire::ClusterType::Relay: {
      const std::optional<wire::Relay> carried = wire::decode_relay(body);
      return carried ? relay(now, *carried, out) : Verdict::Malformed;
    }
    case wire::ClusterType::PushPull:
    case wire::ClusterType::ConflictResponse:
    case wire::ClusterType::KeyRequest:
    case wire::ClusterType::KeyResponse: break;  // never messages of their own
  }
  return Verdict::Unknown;
}

Verdict Cluster::Parts::join_intent(TimePoint now, const wire::JoinIntent& intent, Source source) {
  if (!member_clock.is_plausible(intent.time)) return drop(Drop::Implausible);
  member_clock.witness(intent.time);
  const std::optional<members::Index> member = statuses.find(intent.node);
  if (!member) return buffer(now, intent.node, {IntentKind::Join, intent.time}, source);
  const IntentOutcome outcome = statuses.join_intent(*member, intent.time);
  return outcome == IntentOutcome::New ? Verdict::Taken : Verdict::Old;
}

Verdict Cluster::Parts::leave_intent(TimePoint now, const wire::LeaveIntent& intent, Source source,
                                     Outputs& out) {
  if (!member_clock.is_plausible(intent.time)) return drop(Drop::Implausible);
  member_clock.witness(intent.time);
  const std::optional<members::Index> member = statuses.find(intent.node);
  if (!member) return buffer(now, intent.node, {IntentKind::Leave, intent.time}, source);
  const Prune prune = intent.prune ? Prune::Yes : Prune::No;
  switch (statuses.leave_intent(now, *member, intent.time, prune, own, out)) {
    case IntentOutcome::New: return Verdict::Taken;
    case IntentOutcome::Old: return Verdict::Old;
    case IntentOutcome::Refute: break;
  }
  out.push_back(Log{LogLevel::Debug, "serf: Refuting an older leave intent"});
  announce(out);
  return Verdict::Old;
}

Verdict Cluster::Parts::buffer(TimePoint now, std::string_view name, RecentIntent intent,
                               Source source) {
  if (name.size() > kMaxNameBytes) return drop(Drop::TooLarge);
  if (source == Source::Gossip && !intents.admit_gossiped(now)) return drop(Drop::RateLimited);
  if (!intents.upsert(now, name, intent, statuses.member_count())) return Verdict::Old;
  reaper.reap_by(now + config.timing.recent_intent_timeout);
  return Verdict::Taken;
}

Verdict Cluster::Parts::user_event(const wire::UserEventMessage& event, Outputs& out) {
  if (event.name.size() + event.payload.size() > kMaxUserEventBytes) return drop(Drop::TooLarge);
  if (!event_clock.is_plausible(event.time)) return drop(Drop::Implausible);
  event_clock.witness(event.time);
  switch (events.record(event_clock.time(), event)) {
    case UserEvents::Outcome::New: break;
    case UserEvents::Outcome::Old: return Verdict::Old;
    case UserEvents::Outcome::Full: return drop(Drop::TableFull);
  }
  out.push_back(
      Published{UserEvent{event.time, std::string(event.name),
                          Bytes(event.payload.begin(), event.payload.end()), event.coalesce}});
  return Verdict::Taken;
}

Verdict Cluster::Parts::query(const wire::QueryMessage& message) {
  if (!are_well_formed(message.filters)) return Verdict::Malformed;
  if (!query_clock.is_plausible(message.time)) return drop(Drop::Implausible);
  query_clock.witness(message.time);
  switch (queries.record(query_clock.time(), message.time, message.id)) {
    case Queries::Outcome::New: return Verdict::Taken;
    case Queries::Outcome::Old: return Verdict::Old;
    case Queries::Outcome::Full: break;
  }
  return drop(Drop::TableFull);
}

Verdict Cluster::Parts::relay(TimePoint now, const wire::Relay& message, Outputs& out) {
  Queries::Relayed relayed = queries.relay(now, message);
  if (relayed.send) {
    out.push_back(*std::move(relayed.send));
    return Verdict::Taken;
  }
  return relayed.why_not == Drop::Malformed ? Verdict::Malformed : drop(relayed.why_not);
}

// What bears the time of their clock has not been sent yet.
void Cluster::Parts::merge_clock(LamportClock& clock, LamportTime theirs) {
  if (theirs == 0) return;
  if (!clock.is_plausible(theirs - 1)) {
    counters.drop(Drop::Implausible);
    return;
  }
  clock.witness(theirs - 1);
}

// Departures first: their time is not told, but it must be later than the last one known of the member
// (upstream delegate.go, MergeRemoteState).
void Cluster::Parts::merge_statuses(TimePoint now, wire::ClusterState& state, Outputs& out) {
  std::ranges::sort(state.status_times);
  std::ranges::sort(state.left_members);
  for (const std::string_view name : state.left_members) {
    const auto row = std::ranges::lower_bound(state.status_times, name, {},
                                              [](const auto& entry) { return entry.first; });
    const bool is_told = row != state.status_times.end() && row->first == name;
    const LamportTime time = next_after(is_told ? row->second : 0);
    leave_intent(now, {time, name, false}, Source::PushPull, out);
  }
  for (const auto& [name, time] : state.status_times) {
    if (std::ranges::binary_search(state.left_members, name)) continue;
    join_intent(now, {time, name}, Source::PushPull);
  }
}

void Cluster::Parts::merge_events(const wire::ClusterState& state, Outputs& out) {
  for (const std::optional<wire::EventSlot>& slot : state.events) {
    if (!slot) continue;
    for (const wire::SlotEvent& event : slot->events) {
      user_event({slot->time, event.name, event.payload, false}, out);
    }
  }
}

void Cluster::Parts::announce(Outputs& out) {
  const wire::JoinIntent intent{member_clock.time(), config.node_name};
  member_clock.witness(intent.time);
  if (const std::optional<members::Index> self = statuses.find(config.node_name)) {
    statuses.join_intent(*self, intent.time);
  }
  out.push_back(Broadcast{Queue::Intents, wire::encode(intent), 0});
}

}  // namespace gossip::cluster
