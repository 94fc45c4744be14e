// All event handlers of an agent: who gets an event, what a reload replaces, how they end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <uv.h>

#include "gossip/error.h"
#include "gossip/event.h"

#include "agent/handlers/handler.h"
#include "rpc/protocol.h"
#include "runtime/handle.h"
#include "runtime/loop_timer.h"

namespace gossip::agent {

// How the handlers stand.
struct HandlerFigures {
  struct OfOne {
    std::string command;
    Durations run_times;
  };

  HandlerCounters counters;
  std::size_t running = 0;
  std::size_t queued = 0;
  std::vector<OfOne> each;  // of those that are configured
};

class Handlers {
 public:
  // All of these outlive the handlers; `handles` is empty only when they have come to their end after `close`.
  Handlers(uv_loop_t* loop, runtime::HandleCount& handles, Logging& log,
           HandlerSurroundings& around);

  // Errors: System.
  [[nodiscard]] Expected<void> open();

  // Those that were there before, with the same text, go on as they are. Of the others runs under way finish, and
  // what waited for them is dropped.
  void replace(std::vector<HandlerSpec> specs, const HandlerLimits& limits);

  // How many will take `event`.
  [[nodiscard]] std::size_t wanted_by(const Event& event) const;
  // To each that wants it.
  void take(const Event& event);

  [[nodiscard]] HandlerFigures figures() const;
  // "event_handlers" as Serf has it, and "handlers" with our figures.
  void add_stats(gossip::rpc::StatsSections& sections) const;

  // Takes no more events. Waits at most `patience` for what waits and runs, then ends every process of every
  // handler; lets go of all handles once they are gone, or killed.
  void close(Duration patience);

 private:
  enum class Phase : std::uint8_t { Running, Patient, Terminating, Closed };
  using Owned = std::vector<std::unique_ptr<Handler>>;

  [[nodiscard]] bool all_of_them(bool (*holds)(const Handler&)) const;
  void sweep_retired();
  void runs_changed();
  void terminate();
  void end_if_all_gone();
  void time_passed();

  uv_loop_t* loop_;
  runtime::HandleCount& handles_;
  HandlerLimits limits_;
  HandlerCounters counters_;
  Handler::World world_;
  Owned handlers_;
  Owned retired_;  // by a reload
  runtime::LoopTimer timer_;
  Phase phase_ = Phase::Running;
};

}  // namespace gossip::agent
