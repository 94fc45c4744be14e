// When an agent is ready, and when a service manager that was away hears of it. What the whole agent says is in
// tests/e2e/test_gossipd_service.py.
#include "agent/supervision.h"

#include <chrono>
#include <optional>
#include <string>

#include <doctest/doctest.h>
#include <uv.h>

#include "unit/agent/notify_socket.h"

namespace gossip::agent {
namespace {

using Kind = config::ReadyWhen::Kind;
using std::chrono::milliseconds;

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

// An agent whose manager is away at first; its loop turns as long as the test wants.
struct Watched {
  explicit Watched(const std::string& watchdog_usec = "") {
    REQUIRE(uv_loop_init(&loop) == 0);
    supervision.emplace(
        SdNotify::open({listener.name(), watchdog_usec, ""}).value(),
        config::ReadyWhen{Kind::Members, 3},
        [this] {
          ++looks;
          return counts;
        },
        [](LogLevel, const std::string&) {});
    REQUIRE(supervision->open(&loop, handles).has_value());
    const auto out = [](void* self) { static_cast<Watched*>(self)->is_late = true; };
    REQUIRE(late.open(&loop, handles, out, this) == 0);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  Watched(Watched&&) = delete;
  Watched& operator=(Watched&&) = delete;
  ~Watched() {
    supervision->close();
    late.close();
    uv_run(&loop, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&loop) == 0);
  }

  // Whether `condition` holds before the timer that is armed now rings: which of the loop's timers is first.
  template <typename Condition>
  [[nodiscard]] bool comes_within(Duration limit, Condition condition) {
    is_late = false;
    late.arm(runtime::loop_now() + limit);
    while (!condition() && !is_late)
      uv_run(&loop, UV_RUN_ONCE);
    late.arm(std::nullopt);
    return !is_late;
  }
  [[nodiscard]] bool hears(const std::string& line, Duration limit) {
    return comes_within(limit, [&] { return listener.heard().find(line) != std::string::npos; });
  }

  NotifySocket listener;
  uv_loop_t loop{};
  runtime::HandleCount handles;
  MemberCounts counts{.alive = 1};
  int looks = 0;
  std::optional<Supervision> supervision;
  runtime::LoopTimer late;
  bool is_late = false;
};

TEST_CASE("a manager that hears us again by a sign of life hears of the members at once") {
  Watched agent("20000");
  agent.supervision->started();
  agent.listener.listen();
  CHECK(agent.hears("WATCHDOG=1", std::chrono::minutes(1)));
  agent.counts.alive = 3;
  agent.supervision->members_changed();
  // Before the retry, which is armed for a second after the start.
  CHECK(agent.hears("READY=1", milliseconds(500)));
}

TEST_CASE("the pause until the manager is tried again grows by tries, not by all that it misses") {
  Watched agent("2000");
  agent.supervision->started();
  const int looks = agent.looks;
  CHECK(agent.comes_within(std::chrono::minutes(1), [&] { return agent.looks > looks; }));
  const int again = agent.looks;
  // Two seconds, not the last of all pauses.
  CHECK(agent.comes_within(std::chrono::seconds(30), [&] { return agent.looks > again; }));
}

TEST_CASE("a long trouble is cut between two characters") {
  Watched agent;
  agent.listener.listen();
  agent.supervision->started();
  CHECK_FALSE(agent.listener.heard().empty());
  std::string trouble = "x";
  for (int i = 0; i < 150; ++i)
    trouble += "\u00fc";
  agent.supervision->reload_over(trouble);
  const std::string status = agent.listener.heard();
  CHECK(status.starts_with("STATUS=reload failed: " + trouble.substr(0, 199) + "\u2026; "));
  agent.supervision->reload_over("one line\nand another");
  CHECK(agent.listener.heard().starts_with("STATUS=reload failed: one line\u2026; "));
}

}  // namespace
}  // namespace gossip::agent
