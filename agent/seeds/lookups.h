// Carries out the look-ups of seeds beside the loop: what blocks in libuv's threads, scripts as processes, each within
// a time limit. A thread that hangs in the system's resolver cannot be stopped; while it does, its seed is answered
// at once that it still hangs, and no second one is begun for it.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <uv.h>

#include "gossip/error.h"
#include "gossip/time.h"

#include "agent/handlers/script_run.h"
#include "agent/seeds/seeds.h"
#include "config/seed_spec.h"
#include "runtime/handle.h"
#include "runtime/loop_timer.h"

namespace gossip::agent::seeds {

// Of one look-up; scripts have the time of handlers.
inline constexpr Duration kLookUpTime = std::chrono::seconds(30);
// At one time in libuv's four threads, which also write our files.
inline constexpr std::size_t kMaxThreads = 2;
// Of what a script writes to stderr.
inline constexpr std::size_t kMaxErrorBytes = 1024;

class Lookups final : private ScriptRun::Owner {
 public:
  using Answered = std::function<void(SeedId, Expected<SeedAnswer>)>;

  // `loop` and `handles` outlive the lookups, and those what is under way.
  Lookups(uv_loop_t* loop, runtime::HandleCount& handles);
  Lookups(const Lookups&) = delete;
  Lookups& operator=(const Lookups&) = delete;
  Lookups(Lookups&&) = delete;
  Lookups& operator=(Lookups&&) = delete;
  ~Lookups() override;

  // Errors: System.
  [[nodiscard]] Expected<void> open(std::uint16_t default_port, Answered answered);
  // Nobody is told any more; scripts are killed.
  void close();

  // Of scripts that are begun from now on.
  void limit_scripts(Duration time) { script_time_ = time; }

  // Answered once, later, from the loop.
  void begin(SeedId seed, const config::SeedSpec& spec);

 private:
  struct Job;
  struct Script {
    SeedId seed;
    std::unique_ptr<ScriptRun> run;
    bool over = false;
  };

  void run_slow(ScriptRun& /*run*/) override {}
  void run_over(ScriptRun& run) override;
  void run_gone(ScriptRun& run) override;

  [[nodiscard]] bool is_busy(SeedId seed) const;
  void queue(std::unique_ptr<Job> job);
  void start_jobs();
  static void done(uv_work_t* work, int status);
  void start_script(SeedId seed, const config::SeedSpec& spec);
  void answer(SeedId seed, Expected<SeedAnswer> result);
  void answer_soon(SeedId seed, Expected<SeedAnswer> result);
  void ring();
  void arm();

  uv_loop_t* loop_;
  runtime::HandleCount& handles_;
  std::uint16_t default_port_ = 0;
  Duration script_time_ = kLookUpTime;
  Answered answered_;
  runtime::LoopTimer timer_;
  std::map<SeedId, TimePoint>
      waiting_;  // who has not been answered yet, and when that takes too long
  std::deque<std::unique_ptr<Job>> queued_;
  std::set<Job*> running_;  // those that nobody waits for any more, too
  std::vector<Script> scripts_;
  std::vector<std::pair<SeedId, Expected<SeedAnswer>>> soon_;
};

}  // namespace gossip::agent::seeds
