// What the service manager that runs us is told, and when: that we are ready, how the cluster stands, that the
// loop still turns, that a start or a leave takes its time. Without one (system/sd_notify.h) all of it is silent.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <uv.h>

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

  // `count` is asked at member events until the rule holds; then only when somebody listens, at most once in a look's
  // pause.
  Supervision(SdNotify notify, config::ReadyWhen ready_when, Count count);

  // Errors: System.
  [[nodiscard]] Expected<void> open(uv_loop_t* loop, runtime::HandleCount& handles);
  void close();

  // Everything is open, and joins are under way.
  void started();
  void members_changed();
  void reload_begins();
  void reload_over();
  // Whether the rule has ever held, until the end begins; also where nobody listens.
  [[nodiscard]] bool is_ready() const { return ready_ && !stopping_; }
  // The end has begun, and takes so long at most.
  void stopping(std::string_view status, Duration at_most);

 private:
  void judge();
  void look();
  void extend();
  void sign_of_life();
  void say(const std::string& lines);

  SdNotify notify_;
  config::ReadyWhen ready_when_;
  Count count_;
  runtime::LoopTimer look_;
  runtime::LoopTimer extend_;
  runtime::LoopTimer watchdog_;
  bool looking_ = false;
  bool running_ = false;
  bool ready_ = false;
  bool told_ready_ = false;
  bool stopping_ = false;
  std::string last_status_;
};

}  // namespace gossip::agent
