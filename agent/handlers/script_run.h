// One run of a handler's command: its processes, what they are given and what they say, and the time limit. A run
// is over when the shell has ended and nobody can write to its output any more; what the command left in the
// background lives on, until the agent ends.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <uv.h>

#include "gossip/bytes.h"
#include "gossip/error.h"
#include "gossip/time.h"

#include "agent/handlers/output_tail.h"
#include "agent/handlers/supervisor.h"
#include "runtime/descriptor.h"
#include "runtime/handle.h"
#include "runtime/loop_timer.h"

namespace gossip::agent {

// After it, who watches is told that a run is slow.
inline constexpr Duration kSlowRun = std::chrono::seconds(1);
// From SIGTERM to SIGKILL.
inline constexpr Duration kTermToKill = std::chrono::seconds(2);

struct ScriptTask {
  // What becomes of a script that writes more to stdout than its limit: the rest is only counted, or it is ended.
  enum class Excess : std::uint8_t { Count, End };
  std::string command;
  std::vector<std::string> environment;
  Bytes input;
  Duration time_limit = std::chrono::seconds(30);
  std::size_t output_limit = 0;  // of stdout and of stderr: the last bytes are kept
  Excess excess = Excess::Count;
};

class ScriptRun {
 public:
  class Owner {
   public:
    Owner() = default;
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;
    Owner(Owner&&) = delete;
    Owner& operator=(Owner&&) = delete;
    virtual ~Owner() = default;

    virtual void run_slow(ScriptRun& run) = 0;
    // Once; how it went is in `run`. Its processes may live on.
    virtual void run_over(ScriptRun& run) = 0;
    // Once, after run_over: nothing is left. May destroy the run.
    virtual void run_gone(ScriptRun& run) = 0;
  };

  // `owner` and `handles` outlive the run.
  ScriptRun(Owner& owner, ScriptTask task);

  // Errors: System, nothing runs and nothing is called.
  [[nodiscard]] Expected<void> start(uv_loop_t* loop, runtime::HandleCount& handles);
  // To the whole group. A run that is not over after kTermToKill is killed.
  void terminate();
  // Kills the group and lets go of it, without a word to the owner.
  void abandon();

  [[nodiscard]] const OutputTail& output() const { return output_; }
  [[nodiscard]] const OutputTail& errors() const { return errors_; }
  [[nodiscard]] bool timed_out() const { return timed_out_; }
  // Empty if it went well, else "exit status 3", "signal: killed", "timed out after 30s".
  [[nodiscard]] std::string failure() const;

 private:
  // The handler's ends of three pipes, which the child inherits.
  struct ChildEnds {
    std::array<runtime::Descriptor, 3> standard;
  };

  Expected<void> open_pipes(uv_loop_t* loop, runtime::HandleCount& handles, ChildEnds& ends);
  Expected<void> spawn(uv_loop_t* loop, runtime::HandleCount& handles, const ChildEnds& ends);
  void close_all();
  void write_input();
  static void read_from(uv_pipe_t* pipe);
  void received(uv_stream_t* stream, ssize_t count);
  void supervisor_told(ssize_t count);
  void process_ended(int signal);
  void signal_group(int signal);
  void time_passed();
  void arm_timer();
  void end_if_over();
  void end();
  [[nodiscard]] bool is_gone() const { return !process_.is_open() && !lifeline_.is_open(); }

  Owner* owner_;
  ScriptTask task_;
  OutputTail output_;
  OutputTail errors_;
  runtime::Handle<uv_process_t> process_;
  runtime::Handle<uv_pipe_t> lifeline_;
  runtime::Handle<uv_pipe_t> stdin_;
  runtime::Handle<uv_pipe_t> stdout_;
  runtime::Handle<uv_pipe_t> stderr_;
  runtime::LoopTimer timer_;
  std::array<char, 4096> buffer_{};

  TimePoint started_;
  std::optional<TimePoint> terminated_;
  std::optional<ShellEnd> shell_end_;
  int supervisor_signal_ = 0;  // that ended it
  bool said_slow_ = false;
  bool timed_out_ = false;
  bool shell_ended_in_time_ = false;  // what timed out is what it left behind
  bool flooded_ = false;
  bool over_ = false;
};

}  // namespace gossip::agent
