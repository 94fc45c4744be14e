#include "agent/seeds/retry_join.h"

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

// Answers each attempt with the next result; runs out of results never.
class World : public RetryJoin::Surroundings {
 public:
  World() { REQUIRE(uv_loop_init(&loop) == 0); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  World(World&&) = delete;
  World& operator=(World&&) = delete;
  ~World() override { CHECK(uv_loop_close(&loop) == 0); }

  Expected<void> join_seeds(const RetryPlan& plan, JoinDone done) override {
    ++attempts;
    asked = plan.addresses;
    if (refuse) return fail(ErrorCode::WrongState, "not running");
    const bool works = attempts == succeeds_at;
    done(JoinResult{works ? 1U : 0U, works ? std::vector<JoinFailure>{}
                                           : std::vector<JoinFailure>{{"h", "refused"}}});
    return {};
  }
  void log_seeds(LogLevel level, const std::string& text) override {
    last_level = level;
    log.push_back(text);
  }
  void seeds_exhausted() override { ++exhausted; }

  void run(const RetryPlan& plan) {
    runtime::HandleCount handles;
    RetryJoin join(plan, *this);
    REQUIRE(join.start(&loop, handles).has_value());
    uv_run(&loop, UV_RUN_DEFAULT);
    join.close();
    uv_run(&loop, UV_RUN_DEFAULT);
  }

  uv_loop_t loop{};
  bool refuse = false;
  int succeeds_at = 0;
  int attempts = 0;
  int exhausted = 0;
  std::vector<std::string> asked;
  std::vector<std::string> log;
  LogLevel last_level = LogLevel::Trace;
};

RetryPlan plan(std::uint32_t max_retries) {
  return {{"h", "i"}, std::chrono::milliseconds(1), max_retries, Replay::IgnoreOld};
}

TEST_CASE("a retry limit of 2 makes three attempts, as Serf's does") {
  World world;
  world.run(plan(2));
  CHECK(world.attempts == 3);
  CHECK(world.exhausted == 1);
  CHECK(world.asked == std::vector<std::string>{"h", "i"});
  REQUIRE(world.log.size() == 3);
  CHECK(world.log[0] == "Join failed, retrying in 1ms");
  CHECK(world.log[2] == "maximum retry join attempts made, exiting");
  CHECK(world.last_level == LogLevel::Error);
}

TEST_CASE("without a limit attempts go on until one works, and then stop") {
  World world;
  world.succeeds_at = 5;
  world.run(plan(0));
  CHECK(world.attempts == 5);
  CHECK(world.exhausted == 0);
  CHECK(world.log.back() == "Join completed. Synced with 1 initial agents");
}

TEST_CASE("an attempt that cannot even begin counts as one") {
  World world;
  world.refuse = true;
  world.run(plan(1));
  CHECK(world.attempts == 2);
  CHECK(world.exhausted == 1);
}

TEST_CASE("failures are told in one line") {
  CHECK(describe({{"a", "refused"}, {"b", "no such host"}}) == "a: refused; b: no such host");
  CHECK(describe({}) == "nobody to join");
}

}  // namespace
}  // namespace gossip::agent
