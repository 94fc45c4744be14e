#include "agent/events/coalesce.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gossip::agent {

void BatchWindow::added(TimePoint now) {
  if (!first_) first_ = now;
  last_ = now;
}

std::optional<TimePoint> BatchWindow::deadline() const {
  if (!first_) return std::nullopt;
  return std::min(*first_ + kLongestBatch, last_ + kQuietBeforeFlush);
}

void MemberCoalescer::receive(TimePoint now, const MemberEvent& event, std::vector<Event>& out) {
  advance(now, out);
  for (const Member& member : event.members) {
    Changes& changes = batch_.try_emplace(member.name, Changes{event.kind, {}, {}}).first->second;
    changes.last = event.kind;
    changes.member = member;
  }
  window_.added(now);
}

void MemberCoalescer::advance(TimePoint now, std::vector<Event>& out) {
  const std::optional<TimePoint> due = window_.deadline();
  if (due && *due <= now) flush(out);
}

void MemberCoalescer::flush(std::vector<Event>& out) {
  using enum MemberEventKind;
  window_.close();
  std::map<MemberEventKind, MemberEvent> events;
  for (auto& [name, changes] : std::exchange(batch_, {})) {
    const MemberEventKind kind = changes.last;
    if (sent_before(name, changes) == kind && kind != Update) continue;
    if (kind == Join || kind == Reap) {
      sent_.erase(name);
    } else {
      sent_[name] = kind;
    }
    MemberEvent& event = events[kind];
    event.kind = kind;
    event.members.push_back(std::move(changes.member));
  }
  for (const MemberEventKind kind : {Join, Update, Leave, Failed, Reap}) {
    const auto found = events.find(kind);
    if (found != events.end()) out.emplace_back(std::move(found->second));
  }
}

// Nobody joins twice without an event between: whose changes begin with another one has joined before.
std::optional<MemberEventKind> MemberCoalescer::sent_before(const std::string& name,
                                                            const Changes& changes) const {
  const auto found = sent_.find(name);
  if (found != sent_.end()) return found->second;
  if (changes.first == MemberEventKind::Join) return std::nullopt;
  return MemberEventKind::Join;
}

void UserCoalescer::receive(TimePoint now, const UserEvent& event, std::vector<Event>& out) {
  advance(now, out);
  if (count_ == kMaxBatchedEvents) flush(out);
  window_.added(now);
  std::vector<UserEvent>& kept = batch_[event.name];
  if (!kept.empty() && event.time < kept.front().time) return;
  if (!kept.empty() && event.time > kept.front().time) {
    count_ -= kept.size();
    kept.clear();
  }
  kept.push_back(event);
  ++count_;
}

void UserCoalescer::advance(TimePoint now, std::vector<Event>& out) {
  const std::optional<TimePoint> due = window_.deadline();
  if (due && *due <= now) flush(out);
}

void UserCoalescer::flush(std::vector<Event>& out) {
  window_.close();
  count_ = 0;
  std::vector<UserEvent> events;
  for (auto& [name, kept] : std::exchange(batch_, {})) {
    std::move(kept.begin(), kept.end(), std::back_inserter(events));
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const UserEvent& a, const UserEvent& b) { return a.time < b.time; });
  std::move(events.begin(), events.end(), std::back_inserter(out));
}

}  // namespace gossip::agent
