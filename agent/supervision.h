// What the service manager that runs us is told, and when: that we are ready, how the cluster stands, that the
// loop still turns, that a start or a leave takes its time. Without one (system/sd_notify.h) all of it is silent.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <uv.h>

#include "gossip/effects.h"
#include "gossip/error.h"
#include "gossip/time.h"

#include "agent/system/sd_notify.h"
#include "config/agent_config.h"
#include "runtime/handle.h"
#include "runtime/loop_timer.h"

namespace gossip::agent {

struct MemberCounts {
  std::uint32_t alive = 0;  // ourselves included
  std::uint32_t failed = 0;
  std::uint32_t left = 0;
};

// Whether an agent that sees so many members is what others may wait for.
[[nodiscard]] bool is_ready(const config::ReadyWhen& when, const MemberCounts& counts);

class Supervision {
 public:
  using Count = std::function<MemberCounts()>;

  using Log = std::function<void(LogLevel level, const std::string& text)>;

  // `count` is asked at member events until the rule holds; then only when somebody listens, at most once in a look's
  // pause. `log` is told when the manager cannot be reached, and when it can be again.
  Supervision(SdNotify notify, config::ReadyWhen ready_when, Count count, Log log);

  // Errors: System.
  [[nodiscard]] Expected<void> open(uv_loop_t* loop, runtime::HandleCount& handles);
  void close();

  // Everything is open, and joins are under way.
  void started();
  void members_changed();
  void reload_begins();
  // `trouble`: what could not be reloaded, which stays in the status until a reload that goes well; "" for nothing.
  void reload_over(const std::string& trouble);
  // Whether the rule has ever held, until the end begins; also where nobody listens.
  [[nodiscard]] bool is_ready() const { return ready_ && !stopping_; }
  // The end has begun, and takes so long at most.
  void stopping(std::string_view status, Duration at_most);

 private:
  void judge();
  void look_rang();
  void look();
  void extend();
  void sign_of_life();
  void say(const std::string& lines);
  void unheard(int error);

  SdNotify notify_;
  config::ReadyWhen ready_when_;
  Count count_;
  Log log_;
  runtime::LoopTimer look_;
  runtime::LoopTimer extend_;
  runtime::LoopTimer watchdog_;
  bool looking_ = false;
  bool running_ = false;
  bool ready_ = false;
  bool told_ready_ = false;
  bool stopping_ = false;
  std::string trouble_;  // of the last reload
  std::string last_status_;
  Duration retry_pause_ = Duration::zero();  // zero: the manager hears us
};

}  // namespace gossip::agent
