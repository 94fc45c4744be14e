// Joins in the background, again and again until one attempt reaches somebody or the attempts are used up.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gossip/config.h"
#include "gossip/effects.h"
#include "gossip/error.h"

#include "runtime/handle.h"
#include "runtime/loop_timer.h"

namespace gossip::agent {

struct RetryPlan {
  std::vector<std::string> addresses;
  Duration interval = std::chrono::seconds(30);
  std::uint32_t max_retries = 0;  // after the first attempt, as Serf counts; 0 is no limit
  Replay replay = Replay::IgnoreOld;
};

class RetryJoin {
 public:
  class Surroundings {
   public:
    Surroundings() = default;
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;
    Surroundings(Surroundings&&) = delete;
    Surroundings& operator=(Surroundings&&) = delete;
    virtual ~Surroundings() = default;

    using JoinDone = std::function<void(const JoinResult&)>;
    // `done` comes later, or never if the agent ends before.
    virtual Expected<void> join_seeds(const RetryPlan& plan, JoinDone done) = 0;
    virtual void log_seeds(LogLevel level, const std::string& text) = 0;
    // No attempt is left; nothing follows.
    virtual void seeds_exhausted() = 0;
  };

  RetryJoin(RetryPlan plan, Surroundings& around) : plan_(std::move(plan)), around_(around) {}

  // Makes the first attempt at once. Errors: System.
  [[nodiscard]] Expected<void> start(uv_loop_t* loop, runtime::HandleCount& count);
  void close();

 private:
  void attempt();
  void attempted(const JoinResult& result);

  RetryPlan plan_;
  Surroundings& around_;
  runtime::LoopTimer timer_;
  std::uint32_t retries_ = 0;
  bool closed_ = false;
};

// "10.0.0.1: connection refused; db: no such host", one line however many.
[[nodiscard]] std::string describe(const std::vector<JoinFailure>& failures);

}  // namespace gossip::agent
