#include "cluster/status.h"

#include <string>
#include <utility>

#include "gossip/event.h"

#include "cluster/reaper.h"

namespace gossip::cluster {
namespace {

void publish(MemberEventKind kind, const members::Record& record, Outputs& out) {
  out.push_back(Published{MemberEvent{kind, {members::to_member(record)}}});
}

// `what` as Serf words it; scripts look for these lines.
void log_event(std::string_view what, const members::Record& record, std::string_view tail,
               Outputs& out) {
  std::string line = "serf: ";
  line.append(what).append(": ").append(record.name.view()).append(tail);
  out.push_back(Log{LogLevel::Info, std::move(line)});
}

std::string ip_tail(const members::Record& record) {
  return " " + record.ip.to_string();
}

}  // namespace

Statuses::Statuses(const Config& config, members::Table& table, Reaper& reaper)
    : config_(&config), table_(&table), reaper_(&reaper) {}

void Statuses::joined(members::Index member, std::optional<RecentIntent> intent, Outputs& out) {
  members::Record& record = table_->at(member);
  if (record.is_member()) {
    set(record, MemberStatus::Alive);
    reaper_->forget(member);
  } else if (intent) {
    record.status_time = intent->time;
    set(record, intent->kind == IntentKind::Leave ? MemberStatus::Leaving : MemberStatus::Alive);
  } else {
    record.status_time = 0;
    set(record, MemberStatus::Alive);
  }
  record.left_at = TimePoint{};
  log_event("EventMemberJoin", record, ip_tail(record), out);
  publish(MemberEventKind::Join, record, out);
}

void Statuses::gone(TimePoint now, members::Index member, Outputs& out) {
  members::Record& record = table_->at(member);
  // Memberlist's good-bye is what follows a leave intent: when it overtakes that, the member has left all the same.
  const bool said_goodbye =
      record.status == MemberStatus::Alive && record.state == members::SwimState::Left;
  if (record.status == MemberStatus::Leaving || said_goodbye) {
    set(record, MemberStatus::Left);
    record.left_at = now;
    log_event("EventMemberLeave", record, ip_tail(record), out);
    publish(MemberEventKind::Leave, record, out);
  } else if (record.status == MemberStatus::Alive) {
    set(record, MemberStatus::Failed);
    record.left_at = now;
    reaper_->member_failed(now);
    log_event("EventMemberFailed", record, ip_tail(record), out);
    publish(MemberEventKind::Failed, record, out);
  } else {
    return;
  }
  watch(member);
}

void Statuses::updated(members::Index member, Outputs& out) {
  const members::Record& record = table_->at(member);
  if (!record.is_member()) return;
  log_event("EventMemberUpdate", record, "", out);
  publish(MemberEventKind::Update, record, out);
}

IntentOutcome Statuses::join_intent(members::Index member, LamportTime time) {
  members::Record& record = table_->at(member);
  if (time <= record.status_time) return IntentOutcome::Old;
  record.status_time = time;
  if (record.status == MemberStatus::Leaving) {
    set(record, MemberStatus::Alive);
    reaper_->forget(member);
  }
  return IntentOutcome::New;
}

IntentOutcome Statuses::leave_intent(TimePoint now, members::Index member, LamportTime time,
                                     Prune prune, OwnCourse own, Outputs& out) {
  members::Record& record = table_->at(member);
  const bool is_ours = is_self(member) && own == OwnCourse::Staying;
  // Others may have taken it before our join of the same time, which is then old to them.
  const bool may_stand_elsewhere =
      is_ours && time == record.status_time && config_->false_leave == FalseLeave::TellSubject;
  if (time <= record.status_time && !may_stand_elsewhere) return IntentOutcome::Old;
  if (is_ours) return IntentOutcome::Refute;
  // Also where the status stays: else members that have both seen it would pass it to and fro for ever
  // (consul #8179).
  record.status_time = time;
  if (record.status == MemberStatus::Alive) {
    set(record, MemberStatus::Leaving);
  } else if (record.status == MemberStatus::Failed) {
    force_left(member, out);
  }
  if (prune == Prune::Yes) this->prune(now, member, out);
  return IntentOutcome::New;
}

void Statuses::erase(members::Index member, EraseCause cause, Outputs& out) {
  members::Record& record = table_->at(member);
  if (!record.is_member() || is_self(member)) return;
  if (cause == EraseCause::Forced) {
    log_event("EventMemberReap (forced)", record, ip_tail(record), out);
  } else {
    log_event("EventMemberReap", record, "", out);
  }
  publish(MemberEventKind::Reap, record, out);
  set(record, MemberStatus::None);
  record.status_time = 0;
  record.left_at = TimePoint{};
  reaper_->forget(member);
  out.push_back(Reaped{member});
}

std::optional<members::Index> Statuses::find(std::string_view name) const {
  const std::optional<members::Index> member = table_->find(name);
  if (!member || !table_->at(*member).is_member()) return std::nullopt;
  return member;
}

bool Statuses::is_self(members::Index member) const {
  return table_->at(member).name.view() == config_->node_name;
}

bool Statuses::has_other_alive() const {
  const std::optional<members::Index> self = find(config_->node_name);
  const bool self_alive = self && table_->at(*self).status == MemberStatus::Alive;
  return count(MemberStatus::Alive) > (self_alive ? 1U : 0U);
}

std::size_t Statuses::count(MemberStatus status) const {
  return counts_[static_cast<std::size_t>(status)];
}

std::size_t Statuses::live_count() const {
  return count(MemberStatus::Alive) + count(MemberStatus::Leaving);
}

std::size_t Statuses::member_count() const {
  return live_count() + count(MemberStatus::Left) + count(MemberStatus::Failed);
}

std::optional<TimePoint> Statuses::reap_time(members::Index member) const {
  const members::Record& record = table_->at(member);
  if (is_self(member)) return std::nullopt;
  if (record.status == MemberStatus::Failed) {
    return record.left_at + config_->timing.reconnect_timeout;
  }
  if (record.status == MemberStatus::Left) {
    return record.left_at + config_->timing.tombstone_timeout;
  }
  return std::nullopt;
}

void Statuses::set(members::Record& record, MemberStatus status) {
  const bool was_leaving = record.status == MemberStatus::Leaving;
  if (record.is_member()) --counts_[static_cast<std::size_t>(record.status)];
  record.status = status;
  if (record.is_member()) ++counts_[static_cast<std::size_t>(record.status)];
  if (was_leaving && count(MemberStatus::Leaving) == 0) reaper_->nobody_leaving();
}

void Statuses::watch(members::Index member) {
  if (const std::optional<TimePoint> due = reap_time(member)) reaper_->reap_by(*due);
}

// A failed member keeps the time at which it failed.
void Statuses::force_left(members::Index member, Outputs& out) {
  members::Record& record = table_->at(member);
  set(record, MemberStatus::Left);
  log_event("EventMemberLeave (forced)", record, ip_tail(record), out);
  publish(MemberEventKind::Leave, record, out);
  watch(member);
}

void Statuses::prune(TimePoint now, members::Index member, Outputs& out) {
  if (is_self(member)) return;
  if (table_->at(member).status == MemberStatus::Leaving) {
    reaper_->prune_later(now, member);
  } else {
    erase(member, EraseCause::Forced, out);
  }
}

}  // namespace gossip::cluster
