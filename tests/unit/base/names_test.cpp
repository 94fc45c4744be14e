// The names that logs, metrics and programs see.
#include <set>

#include <doctest/doctest.h>

#include "gossip/effects.h"
#include "gossip/event.h"
#include "gossip/member.h"
#include "gossip/stats.h"

namespace gossip {

TEST_CASE("statuses and events have Serf's names") {
  CHECK(to_string(MemberStatus::kNone) == "none");
  CHECK(to_string(MemberStatus::kAlive) == "alive");
  CHECK(to_string(MemberStatus::kLeaving) == "leaving");
  CHECK(to_string(MemberStatus::kLeft) == "left");
  CHECK(to_string(MemberStatus::kFailed) == "failed");
  CHECK(kind_of(MemberEvent{MemberEventKind::kJoin, {}}) == "member-join");
  CHECK(kind_of(MemberEvent{MemberEventKind::kLeave, {}}) == "member-leave");
  CHECK(kind_of(MemberEvent{MemberEventKind::kFailed, {}}) == "member-failed");
  CHECK(kind_of(MemberEvent{MemberEventKind::kUpdate, {}}) == "member-update");
  CHECK(kind_of(MemberEvent{MemberEventKind::kReap, {}}) == "member-reap");
  CHECK(kind_of(UserEvent{}) == "user");
}

TEST_CASE("the end of a stream is told in words") {
  CHECK(to_string(StreamEnd::kClosed) == "connection closed");
  CHECK(to_string(StreamEnd::kRefused) == "connection refused");
  CHECK(to_string(StreamEnd::kUnreachable) == "host unreachable");
  CHECK(to_string(StreamEnd::kTimedOut) == "connection timed out");
  CHECK(to_string(StreamEnd::kReset) == "connection reset");
}

TEST_CASE("every reason to drop input has a name of its own") {
  std::set<std::string_view> names;
  const auto count = static_cast<std::size_t>(Drop::kCount);
  for (std::size_t i = 0; i < count; ++i)
    names.insert(to_string(static_cast<Drop>(i)));
  CHECK(names.size() == count);
  CHECK(names.count("") == 0);
  CHECK(to_string(Drop::kEmpty) == "empty");
  CHECK(to_string(Drop::kPlaintext) == "plaintext");
  CHECK(to_string(Drop::kTooDeep) == "too-deep");
  CHECK(to_string(Drop::kStreamLimit) == "stream-limit");
  CHECK(to_string(Drop::kCount) == "unknown");
}

}  // namespace gossip
