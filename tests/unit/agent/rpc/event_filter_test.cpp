#include "agent/rpc/event_filter.h"

#include <doctest/doctest.h>

namespace gossip::agent::rpc {
namespace {

bool wants(std::string_view filter, const Event& event) {
  const std::optional<EventFilter> parsed = EventFilter::parse(filter);
  REQUIRE(parsed);
  return parsed->wants(event);
}

const Event kJoin = MemberEvent{MemberEventKind::Join, {}};
const Event kReap = MemberEvent{MemberEventKind::Reap, {}};

Event user(std::string name) {
  return UserEvent{1, std::move(name), {}, Coalesce::No};
}

TEST_CASE("an empty filter and a star are all events") {
  for (const std::string_view all : {"", "*", "query,*"}) {
    CHECK(wants(all, kJoin));
    CHECK(wants(all, user("deploy")));
  }
}

TEST_CASE("kinds are told apart") {
  CHECK(wants("member-join", kJoin));
  CHECK_FALSE(wants("member-join", kReap));
  CHECK(wants("member-leave,member-reap", kReap));
  CHECK_FALSE(wants("member-join", user("member-join")));
  CHECK_FALSE(wants("query", user("query")));
}

TEST_CASE("a user event's name is compared literally, and may be left out") {
  CHECK(wants("user", user("deploy")));
  CHECK(wants("user:", user("deploy")));
  CHECK(wants("user:deploy", user("deploy")));
  CHECK(wants("user:a b:c", user("a b:c")));
  CHECK_FALSE(wants("user:deploy", user("deploy2")));
  CHECK_FALSE(wants("user:*", user("deploy")));
  CHECK_FALSE(wants("query:deploy", user("deploy")));
}

TEST_CASE("one bad part spoils the filter") {
  for (const std::string_view bad : {"bogus", "member-join,bogus", "member-join, user", "user:x,",
                                     ",", "MEMBER-JOIN", "*:x", "member-join:x", "member-*", " "}) {
    CAPTURE(bad);
    CHECK_FALSE(EventFilter::parse(bad));
  }
}

TEST_CASE("queries are chosen by kind and name as user events are") {
  const Event uptime = Query{1, 1, "uptime", {}, "beta", {}};
  for (const std::string_view some : {"query", "query:", "query:uptime", "*", "user,query:uptime"})
    CHECK(wants(some, uptime));
  for (const std::string_view other : {"query:load", "user:uptime,member-join"})
    CHECK_FALSE(wants(other, uptime));
}

}  // namespace
}  // namespace gossip::agent::rpc
