#include "runtime/member_view.h"

#include <utility>

namespace gossip::runtime {

namespace {

// A copy of one member takes about a microsecond; ten times that is left for the rest.
constexpr Duration kPausePerMember = std::chrono::microseconds(10);

bool is_there(MemberStatus status) {
  return status == MemberStatus::Alive || status == MemberStatus::Leaving;
}

}  // namespace

void MemberView::begin(Member local) {
  const std::lock_guard guard(lock_);
  local_name_ = local.name;
  members_.clear();
  members_.emplace(local_name_, Known{std::move(local), false});
}

MemberView::News MemberView::apply(MemberEventKind kind, const Member& member) {
  const std::lock_guard guard(lock_);
  Known& known = members_[member.name];
  known.member = member;
  const bool was_told = known.is_told;
  const bool is_failure = kind == MemberEventKind::Failed ||
                          (kind == MemberEventKind::Reap && member.status == MemberStatus::Failed);
  if (kind == MemberEventKind::Reap) {
    members_.erase(member.name);
  } else if (kind != MemberEventKind::Update) {
    known.is_told = kind == MemberEventKind::Join;
  }
  if (member.name == local_name_) return News::Nothing;
  switch (kind) {
    case MemberEventKind::Join: return was_told ? News::Updated : News::Joined;
    case MemberEventKind::Update: return was_told ? News::Updated : News::Nothing;
    case MemberEventKind::Leave:
    case MemberEventKind::Failed:
    case MemberEventKind::Reap: break;
  }
  if (!was_told) return News::Nothing;
  return is_failure ? News::Failed : News::Left;
}

void MemberView::refresh(TimePoint now, const Engine& engine) {
  const LamportTime time = engine.stats().gauges.member_time;
  if (time == seen_time_ || now < next_refresh_) return;
  seen_time_ = time;
  std::vector<Member> members = engine.members();
  next_refresh_ = now + kPausePerMember * static_cast<Duration::rep>(members.size());
  const std::lock_guard guard(lock_);
  for (Member& member : members) {
    const auto found = members_.find(member.name);
    // Who is there and who is not is told by events alone.
    if (found == members_.end()) continue;
    if (is_there(member.status) && is_there(found->second.member.status)) {
      found->second.member.status = member.status;
    }
  }
}

void MemberView::set_local_tags(const Tags& tags) {
  const std::lock_guard guard(lock_);
  if (const auto found = members_.find(local_name_); found != members_.end()) {
    found->second.member.tags = tags;
  }
}

std::vector<Member> MemberView::members() const {
  const std::lock_guard guard(lock_);
  std::vector<Member> members;
  members.reserve(members_.size());
  for (const auto& [name, known] : members_) {
    members.push_back(known.member);
  }
  return members;
}

Member MemberView::local() const {
  const std::lock_guard guard(lock_);
  const auto found = members_.find(local_name_);
  return found == members_.end() ? Member{} : found->second.member;
}

}  // namespace gossip::runtime
