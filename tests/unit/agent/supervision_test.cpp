// When an agent is ready, and whose watchdog it feeds. What is said to a real socket is in
// tests/e2e/test_gossipd_service.py.
#include "agent/supervision.h"

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

using Kind = config::ReadyWhen::Kind;

TEST_CASE("an agent is ready when it was started, has joined, or sees so many members") {
  const MemberCounts alone{.alive = 1, .failed = 4, .left = 2};
  CHECK(is_ready({Kind::Started}, alone));
  CHECK_FALSE(is_ready({Kind::Joined}, alone));
  CHECK(is_ready({Kind::Joined}, {.alive = 2}));
  CHECK(is_ready({Kind::Members, 1}, alone));
  CHECK_FALSE(is_ready({Kind::Members, 3}, {.alive = 2}));
  CHECK(is_ready({Kind::Members, 3}, {.alive = 3}));
}

TEST_CASE("ready is whoever the rule has held for once, with or without a service manager") {
  MemberCounts counts{.alive = 2};
  Supervision supervision(
      SdNotify::open({}).value(), {Kind::Members, 3}, [&] { return counts; },
      [](LogLevel, const std::string&) {});
  counts.alive = 3;
  supervision.members_changed();
  CHECK_FALSE(supervision.is_ready());  // it has not started yet
  counts.alive = 2;
  supervision.started();
  CHECK_FALSE(supervision.is_ready());
  counts.alive = 3;
  supervision.members_changed();
  CHECK(supervision.is_ready());
  counts.alive = 1;
  supervision.members_changed();
  CHECK(supervision.is_ready());
  supervision.stopping("leaving", Duration::zero());
  CHECK_FALSE(supervision.is_ready());
}

TEST_CASE("a watchdog counts if it is on and meant for this process") {
  CHECK(watchdog_interval("3000000", "", 7) == std::chrono::seconds(3));
  CHECK(watchdog_interval("3000000", "7", 7) == std::chrono::seconds(3));
  CHECK_FALSE(watchdog_interval("3000000", "8", 7).has_value());
  for (const char* none : {"", "0", "-1", "x", "3s", "18446744073709551615"})
    CHECK_FALSE(watchdog_interval(none, "", 7).has_value());
}

TEST_CASE("a notify socket is a path or an abstract name") {
  CHECK_FALSE(SdNotify::open({}).value().is_heard());
  CHECK(SdNotify::open({"/run/x", "", ""}).value().is_heard());
  CHECK(SdNotify::open({"@x", "", ""}).value().is_heard());
  for (const std::string& bad :
       {std::string("x"), std::string("/"), std::string("vsock:2:1"), std::string(200, '/')})
    CHECK_FALSE(SdNotify::open({bad, "", ""}).has_value());
}

}  // namespace
}  // namespace gossip::agent
