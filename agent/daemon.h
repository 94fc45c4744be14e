// One agent from start to stop: what it is made of, in the order in which that starts and ends, and what
// signals and clients make it do.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <uv.h>

#include "agent/control.h"
#include "agent/discovery/discovery.h"
#include "agent/events/event_feed.h"
#include "agent/metrics/metrics.h"
#include "agent/name_check.h"
#include "agent/rpc/listener.h"
#include "agent/rpc/log_ring.h"
#include "agent/seeds/seeding.h"
#include "agent/supervision.h"
#include "agent/system/line_writer.h"
#include "agent/system/logging.h"
#include "agent/system/orphans.h"
#include "agent/system/signals.h"
#include "agent/system/spare_memory.h"
#include "config/agent_config.h"
#include "config/environment.h"
#include "config/flags.h"
#include "config/mistakes.h"
#include "runtime/handle.h"
#include "runtime/host.h"
#include "runtime/loop_timer.h"

namespace gossip::agent {

// Where a configuration comes from, at start and at every reload.
struct ConfigOrigin {
  config::CommandLine line;
  config::Environment environment;
};

class Daemon final : private runtime::HostListener {
 public:
  // `loop` outlives the daemon and runs nothing else.
  // `notify` leads to the service manager, if there is one.
  Daemon(uv_loop_t* loop, ConfigOrigin origin, config::AgentConfig config, SdNotify notify);

  // Opens everything, then says so and begins to join. An error leaves nothing open; its message is for
  // the person who started the agent.
  [[nodiscard]] Expected<void> start();

  // Returns the process's exit code, once the agent was asked to stop (0) or had to (1).
  [[nodiscard]] int run();

 private:
  enum class Phase : std::uint8_t { Running, Leaving, Stopping };
  enum class Exit : std::uint8_t { Asked, Trouble };

  [[nodiscard]] Expected<void> open_syslog();
  [[nodiscard]] Expected<void> open_handles();
  void close_handles();
  [[nodiscard]] Expected<void> open_listener();
  [[nodiscard]] Expected<void> open_metrics();
  [[nodiscard]] Expected<void> open_discovery();
  [[nodiscard]] Expected<void> open_seeding();
  void say_running();
  void join_at_start();
  void joined_at_start(const JoinResult& result);

  void caught(int signal);
  void print_telemetry();
  void leave_for(std::string_view why);
  Expected<void> leave(Control::LeaveDone done);
  void leave_took_too_long();
  void stop(Exit exit);
  void part_closed();
  [[nodiscard]] MemberCounts count_members() const;

  void reload(Control::ReloadDone done);
  void run_reloads();
  void begin_reload();
  void end_reload(const config::AgentConfig& now, const std::vector<std::string>& warnings,
                  const config::Mistakes& mistakes);
  void answer_reload(const Expected<gossip::rpc::ReloadResponse>& report);
  // A line for each mistake, and one with what to type to check again.
  [[nodiscard]] tl::unexpected<Error> refused_reload(const config::Mistakes& mistakes) const;
  [[nodiscard]] gossip::rpc::ReloadResponse take_over(const config::AgentConfig& now,
                                                      const std::vector<std::string>& warnings);
  Expected<void> reload_tags(const config::AgentConfig& now);

  void published(const Event& event) override;
  void logged(LogLevel level, std::string_view text) override;
  void stopped(const Error& why) override;

  uv_loop_t* loop_;
  ConfigOrigin origin_;
  config::AgentConfig config_;
  config::Settings last_settings_;                // at the last reload
  NameCheck name_check_;                          // of the reload under way
  std::vector<Control::ReloadDone> reloading_;    // who is told of it
  std::vector<Control::ReloadDone> reload_next_;  // who asked after its files were read
  LineWriter output_;
  rpc::LogRing ring_;
  Logging log_;

  runtime::HandleCount handles_;  // of signals, timers and handlers
  std::unique_ptr<runtime::Host> host_;
  std::unique_ptr<EventFeed> events_;
  std::unique_ptr<metrics::Metrics> metrics_;
  std::unique_ptr<Control> control_;
  std::unique_ptr<rpc::Listener> listener_;
  std::unique_ptr<discovery::Discovery> discovery_;  // none without --discover
  std::unique_ptr<seeds::Seeding> seeding_;
  Signals signals_;
  Orphans orphans_;
  Supervision supervision_;
  SpareMemory spare_memory_;
  runtime::LoopTimer leave_limit_;
  Control::LeaveDone leave_done_;  // of the leave under way

  Phase phase_ = Phase::Running;
  Exit exit_ = Exit::Asked;
  int open_parts_ = 0;
};

}  // namespace gossip::agent
