#include "cluster/reaper.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "wire/cluster_codec.h"

namespace gossip::cluster {
namespace {

// A prune's patience may be set to nothing, and must not become a loop.
constexpr Duration kShortestPatience = std::chrono::milliseconds(1);

// The n-th failed member in index order; there are more than n.
members::Index nth_failed(const members::Table& table, std::uint64_t n) {
  for (members::Index index = 0; index < table.end_index(); ++index) {
    if (!table.holds(index) || table.at(index).status != MemberStatus::Failed) continue;
    if (n == 0) return index;
    --n;
  }
  return table.end_index();
}

}  // namespace

Reaper::Reaper(const Timing& timing, base::Rng& rng) : timing_(&timing), rng_(&rng) {}

void Reaper::reap_by(TimePoint due) {
  if (reaped_at_) due = std::max(due, *reaped_at_ + timing_->reap_interval);
  if (reap_at_ && *reap_at_ <= due) return;
  timers_.cancel_if([](const Timer& timer) { return timer.kind == Kind::Reap; });
  timers_.arm(due, Timer{Kind::Reap});
  reap_at_ = due;
}

void Reaper::member_failed(TimePoint now) {
  if (reconnect_armed_) return;
  // Upstream's ticks are there from the start and so fall anywhere in the first interval; members that see
  // one failure together must not all knock at once.
  const auto ticks = static_cast<double>(timing_->reconnect_interval.count());
  const auto delay = static_cast<Duration::rep>(ticks * rng_->unit());
  timers_.arm(now + Duration(delay), Timer{Kind::Reconnect});
  reconnect_armed_ = true;
}

void Reaper::prune_later(TimePoint now, members::Index member) {
  if (!to_prune_.insert(member).second) return;
  timers_.arm(now + time_to_leave(), Timer{Kind::Prune, member});
}

void Reaper::member_leaving(TimePoint now) {
  if (reminder_armed_) return;
  timers_.arm(now + time_to_leave(), Timer{Kind::Remind});
  reminder_armed_ = true;
}

void Reaper::nobody_leaving() {
  if (!reminder_armed_) return;
  timers_.cancel_if([](const Timer& timer) { return timer.kind == Kind::Remind; });
  reminder_armed_ = false;
}

Duration Reaper::time_to_leave() const {
  return std::max(timing_->broadcast_timeout + timing_->leave_propagate_delay, kShortestPatience);
}

void Reaper::forget(members::Index member) {
  if (to_prune_.erase(member) == 0) return;
  timers_.cancel_if(
      [member](const Timer& timer) { return timer.kind == Kind::Prune && timer.member == member; });
}

void Reaper::advance(TimePoint now, OwnCourse own, Statuses& statuses, RecentIntents& intents,
                     Outputs& out) {
  while (const std::optional<Timer> timer = timers_.take_due(now)) {
    switch (timer->kind) {
      case Kind::Reap: reap(now, statuses, intents, out); break;
      case Kind::Reconnect:
        reconnect_armed_ = false;
        if (own == OwnCourse::Staying) reconnect(now, statuses, out);
        break;
      case Kind::Prune: prune(now, timer->member, statuses, out); break;
      case Kind::Remind:
        reminder_armed_ = false;
        remind(now, statuses, out);
        break;
    }
  }
}

void Reaper::reap(TimePoint now, Statuses& statuses, RecentIntents& intents, Outputs& out) {
  reap_at_.reset();
  reaped_at_ = now;
  std::optional<TimePoint> next;
  const auto consider = [&next](TimePoint due) { next = next ? std::min(*next, due) : due; };

  const members::Table& table = statuses.table();
  for (members::Index index = 0; index < table.end_index(); ++index) {
    if (!table.holds(index)) continue;
    const std::optional<TimePoint> due = statuses.reap_time(index);
    if (!due) continue;
    if (*due <= now) {
      statuses.erase(index, EraseCause::Expired, out);
    } else {
      consider(*due);
    }
  }
  intents.expire(now - timing_->recent_intent_timeout);
  if (const std::optional<TimePoint> oldest = intents.oldest()) {
    consider(*oldest + timing_->recent_intent_timeout);
  }
  if (next) reap_by(*next);
}

void Reaper::reconnect(TimePoint now, const Statuses& statuses, Outputs& out) {
  const std::size_t failed = statuses.count(MemberStatus::Failed);
  if (failed == 0) return;
  timers_.arm(now + timing_->reconnect_interval, Timer{Kind::Reconnect});
  reconnect_armed_ = true;

  // So that the whole cluster makes one attempt at each failed member in an interval, on average.
  const std::size_t others = std::max<std::size_t>(statuses.live_count(), 1);
  if (rng_->unit() > static_cast<double>(failed) / static_cast<double>(others)) {
    out.push_back(Log{LogLevel::Debug, "serf: forgoing reconnect for random throttling"});
    return;
  }
  const members::Index member = nth_failed(statuses.table(), rng_->uniform(failed));
  const members::Record& record = statuses.table().at(member);
  std::string line = "serf: attempting reconnect to ";
  line.append(record.name.view()).append(" ").append(record.address().to_string());
  out.push_back(Log{LogLevel::Info, std::move(line)});
  out.push_back(Reconnect{member});
}

void Reaper::prune(TimePoint now, members::Index member, Statuses& statuses, Outputs& out) {
  to_prune_.erase(member);
  const members::Record& record = statuses.table().at(member);
  if (record.status == MemberStatus::Alive) return;
  // Still up: it will refute or go. To erase it now would hide a living member for good, as upstream does.
  const bool is_up =
      record.state == members::SwimState::Alive || record.state == members::SwimState::Suspect;
  if (record.status == MemberStatus::Leaving && is_up) {
    prune_later(now, member);
    return;
  }
  statuses.erase(member, EraseCause::Forced, out);
}

void Reaper::remind(TimePoint now, const Statuses& statuses, Outputs& out) {
  const members::Table& table = statuses.table();
  for (members::Index index = 0; index < table.end_index(); ++index) {
    if (!table.holds(index) || statuses.is_self(index)) continue;
    const members::Record& record = table.at(index);
    if (record.status != MemberStatus::Leaving || !record.is_live()) continue;
    out.push_back(intent_to_leave(record));
    if (reminder_armed_) continue;
    timers_.arm(now + timing_->reconnect_interval, Timer{Kind::Remind});
    reminder_armed_ = true;
  }
}

Broadcast intent_to_leave(const members::Record& record) {
  const wire::LeaveIntent intent{record.status_time, record.name.view(), false};
  return {Queue::Intents, wire::encode(intent), 0};
}

}  // namespace gossip::cluster
