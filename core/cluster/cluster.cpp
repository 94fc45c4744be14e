#include "cluster/cluster.h"

#include "base/earlier.h"
#include "cluster/parts.h"
#include "wire/cluster_codec.h"

namespace gossip::cluster {

Cluster::Cluster(const Config& config, const LocalAddress& local, members::Table& table,
                 base::Rng& rng, Counters& counters)
    : parts_(std::make_unique<Parts>(config, local, table, rng, counters)) {}

Cluster::~Cluster() = default;

void Cluster::restore(const Clocks& last_run) {
  Parts& p = *parts_;
  p.member_clock.witness(last_run.member);
  p.event_clock.witness(last_run.event);
  p.query_clock.witness(last_run.query);
  p.events.ignore_before(next_after(last_run.event));
  p.queries.ignore_before(next_after(last_run.query));
}

// A clock stands one past what it has seen, and never at 0. The event clock is no measure: what it has heard of
// in a push/pull may still be on its way.
Clocks Cluster::clocks() const {
  return {parts_->member_clock.time() - 1, parts_->events.old_up_to(),
          parts_->query_clock.time() - 1};
}

void Cluster::node_joined(TimePoint now, members::Index member, Outputs& out) {
  const std::string_view name = parts_->table.at(member).name.view();
  parts_->statuses.joined(member, parts_->intents.find(name), out);
  parts_->let_refute(now, member, out);
}

void Cluster::node_gone(TimePoint now, members::Index member, Outputs& out) {
  parts_->statuses.gone(now, member, out);
  parts_->tell_name_vote_of_death();
  parts_->own_queries.member_gone(now, parts_->table.at(member).name.view());
  parts_->tell(out);
}

void Cluster::node_updated(members::Index member, Outputs& out) {
  parts_->statuses.updated(member, out);
}

void Cluster::node_conflict(TimePoint now, members::Index member, const Address& other,
                            Outputs& out) {
  const WhoseName whose = parts_->statuses.is_self(member) ? WhoseName::Ours : WhoseName::Anothers;
  parts_->conflicts.notice(now, parts_->table.at(member), other, whose, out);
}

Verdict Cluster::receive(TimePoint now, ByteView message, Outputs& out) {
  if (message.empty()) return Verdict::Malformed;
  const Verdict verdict = parts_->receive(now, message, out);
  parts_->tell(out);
  return verdict;
}

void Cluster::announce_join(Outputs& out) {
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
  Parts& p = *parts_;
  p.reaper.advance(now, p.own, p.statuses, p.intents, out);
  p.send_held_acks(now, out);
  p.own_queries.advance(now, out);
  p.tell(out);
}

std::optional<TimePoint> Cluster::next_deadline() const {
  const std::optional<TimePoint> queries =
      base::earlier(parts_->own_queries.next_deadline(), parts_->asked_queries.next_deadline());
  return base::earlier(parts_->reaper.next_deadline(), queries);
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

bool Cluster::Parts::may_refute(members::Index member) const {
  const members::Record& record = table.at(member);
  return config.false_leave == FalseLeave::TellSubject && record.status == MemberStatus::Leaving &&
         record.is_live() && !statuses.is_self(member);
}

void Cluster::Parts::let_refute(TimePoint now, members::Index member, Outputs& out) {
  if (!may_refute(member)) return;
  out.push_back(intent_to_leave(table.at(member)));
  reaper.member_leaving(now);
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
