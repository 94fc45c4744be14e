// One handler: its events wait in a queue, one run of its command after the other takes them. Never holds up
// anybody else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <uv.h>

#include "gossip/bytes.h"
#include "gossip/event.h"
#include "gossip/stats.h"

#include "agent/handlers/script_input.h"
#include "agent/handlers/script_run.h"
#include "agent/handlers/spec.h"
#include "agent/system/logging.h"
#include "runtime/handle.h"

namespace gossip::agent {

struct HandlerLimits {
  Duration run_time = std::chrono::seconds(30);
  std::size_t queue_length = 1024;  // events that wait for one handler; the oldest give way
  std::size_t output_bytes = std::size_t{8} * 1024;
};

// What handlers leave running in the background, of each one; the oldest is killed.
inline constexpr std::size_t kMaxLeftBehind = 64;

// Since the start.
struct HandlerCounters {
  std::uint64_t runs = 0;
  std::uint64_t failed = 0;     // not started, exit status, signal, time limit
  std::uint64_t timed_out = 0;  // of the failed ones
  std::uint64_t dropped = 0;    // events, by a full queue or because their handler was removed
  Durations run_times;          // of the runs that are over
};

// What handlers need of their agent.
class HandlerSurroundings {
 public:
  HandlerSurroundings() = default;
  HandlerSurroundings(const HandlerSurroundings&) = delete;
  HandlerSurroundings& operator=(const HandlerSurroundings&) = delete;
  HandlerSurroundings(HandlerSurroundings&&) = delete;
  HandlerSurroundings& operator=(HandlerSurroundings&&) = delete;
  virtual ~HandlerSurroundings() = default;

  [[nodiscard]] virtual Self self() const = 0;
  // Once for each query that a handler was given: what to answer, or nothing.
  virtual void query_handled(const Query& query, std::optional<ByteView> answer) = 0;
};

class Handler final : private ScriptRun::Owner {
 public:
  // What all handlers of an agent share; outlives them.
  struct World {
    uv_loop_t* loop;
    runtime::HandleCount& handles;
    Logging& log;
    HandlerSurroundings& around;
    HandlerCounters& counters;
    const HandlerLimits& limits;
    // A run has ended, or the last of its processes has. Must not destroy the handler.
    std::function<void()> changed;
  };

  Handler(const World& world, HandlerSpec spec) : world_(world), spec_(std::move(spec)) {}

  [[nodiscard]] const HandlerSpec& spec() const { return spec_; }
  [[nodiscard]] std::size_t queued() const { return queue_.size(); }
  // Of the runs that are over.
  [[nodiscard]] const Durations& run_times() const { return run_times_; }
  [[nodiscard]] bool is_running() const { return current_.has_value(); }
  // Nothing waits and nothing runs, not even in the background.
  [[nodiscard]] bool is_gone() const { return !is_running() && queue_.empty() && left_.empty(); }

  void take(const Event& event);
  // Nothing that waits is run any more; a run under way ends as it would.
  void drop_queue();
  // SIGTERM to all that runs, SIGKILL to what is left of it after kTermToKill.
  void terminate();
  // Kills at once; nobody is told.
  void abandon();

 private:
  struct Running {
    Event event;
    std::unique_ptr<ScriptRun> run;
    TimePoint since;
  };

  void run_slow(ScriptRun& run) override;
  void run_over(ScriptRun& run) override;
  void run_gone(ScriptRun& run) override;
  void run_next();
  void make_room();
  void drop(const Event& event);
  void report(const ScriptRun& run, const std::string& failure);
  [[nodiscard]] std::optional<ByteView> answer_of(const ScriptRun& run, const Query& query) const;

  const World& world_;
  HandlerSpec spec_;
  std::deque<Event> queue_;
  std::optional<Running> current_;
  std::vector<std::unique_ptr<ScriptRun>>
      left_;  // over, but something of them runs in the background
  Durations run_times_;
  bool starting_ = false;
  bool overflowing_ = false;  // the log says so
};

}  // namespace gossip::agent
