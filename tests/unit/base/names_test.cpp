// The names that logs, metrics and programs see.
#include <set>

#include <doctest/doctest.h>

#include "gossip/effects.h"
#include "gossip/event.h"
#include "gossip/member.h"
#include "gossip/stats.h"

namespace gossip {

TEST_CASE("statuses and events have Serf's names") {
  CHECK(to_string(MemberStatus::None) == "none");
  CHECK(to_string(MemberStatus::Alive) == "alive");
  CHECK(to_string(MemberStatus::Leaving) == "leaving");
  CHECK(to_string(MemberStatus::Left) == "left");
  CHECK(to_string(MemberStatus::Failed) == "failed");
  CHECK(kind_of(MemberEvent{MemberEventKind::Join, {}}) == "member-join");
  CHECK(kind_of(MemberEvent{MemberEventKind::Leave, {}}) == "member-leave");
  CHECK(kind_of(MemberEvent{MemberEventKind::Failed, {}}) == "member-failed");
  CHECK(kind_of(MemberEvent{MemberEventKind::Update, {}}) == "member-update");
  CHECK(kind_of(MemberEvent{MemberEventKind::Reap, {}}) == "member-reap");
  CHECK(kind_of(UserEvent{}) == "user");
}

TEST_CASE("the end of a stream is told in words") {
  CHECK(to_string(StreamEnd::Closed) == "connection closed");
  CHECK(to_string(StreamEnd::Refused) == "connection refused");
  CHECK(to_string(StreamEnd::Unreachable) == "host unreachable");
  CHECK(to_string(StreamEnd::TimedOut) == "connection timed out");
  CHECK(to_string(StreamEnd::Reset) == "connection reset");
}

TEST_CASE("every reason to drop input has a name of its own") {
  std::set<std::string_view> names;
  const auto count = static_cast<std::size_t>(Drop::Count);
  for (std::size_t i = 0; i < count; ++i)
    names.insert(to_string(static_cast<Drop>(i)));
  CHECK(names.size() == count);
  CHECK(names.count("") == 0);
  CHECK(to_string(Drop::Empty) == "empty");
  CHECK(to_string(Drop::Plaintext) == "plaintext");
  CHECK(to_string(Drop::TooDeep) == "too-deep");
  CHECK(to_string(Drop::StreamLimit) == "stream-limit");
  CHECK(to_string(Drop::Count) == "unknown");
}

}  // namespace gossip
