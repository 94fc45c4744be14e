// The way of every event of the engine to those on this host who want it: RPC streams that take each one as it
// comes, and, through the coalescing windows, all other streams and the handlers.
#pragma once

#include <optional>
#include <vector>

#include <uv.h>

#include "gossip/error.h"
#include "gossip/event.h"

#include "agent/events/asked_queries.h"
#include "agent/events/coalesce.h"
#include "agent/handlers/handlers.h"
#include "agent/rpc/listener.h"
#include "agent/system/logging.h"
#include "config/agent_config.h"
#include "runtime/handle.h"
#include "runtime/host.h"
#include "runtime/loop_timer.h"

namespace gossip::agent {

class EventFeed final : private HandlerSurroundings {
 public:
  // All of these outlive the feed, and the feed outlives its handles.
  EventFeed(uv_loop_t* loop, runtime::HandleCount& handles, Logging& log, runtime::Host& host);

  // With the handlers of a configuration that `prepare` has checked. Errors: System.
  [[nodiscard]] Expected<void> open(const config::AgentConfig& config);
  // From here on events go to its streams, too.
  void attach(rpc::Listener& listener) { listener_ = &listener; }

  void published(const Event& event);

  // Other handlers, limits and windows, of a configuration that `prepare` has checked.
  void reload(const config::AgentConfig& config);
  [[nodiscard]] HandlerFigures handler_figures() const { return handlers_.figures(); }
  void add_stats(gossip::rpc::StatsSections& sections) const { handlers_.add_stats(sections); }

  // What is held back goes out, and nothing is held back any more: our own leave is the last event.
  void stop_coalescing();
  // Sends what is held back and ends the handlers; see Handlers::close.
  void close(Duration patience);

 private:
  [[nodiscard]] Self self() const override;
  void query_handled(const Query& query, std::optional<ByteView> answer) override;

  void asked(const Event& event, const Query& query);
  void deliver(const std::vector<Event>& events);
  void flush();
  void time_passed();
  void arm_timer();

  uv_loop_t* loop_;
  runtime::HandleCount& handles_;
  Logging& log_;
  runtime::Host& host_;
  rpc::Listener* listener_ = nullptr;
  Handlers handlers_;
  AskedQueries queries_;
  MemberCoalescer members_;
  UserCoalescer users_;
  bool coalesce_members_ = true;
  bool coalesce_users_ = true;
  runtime::LoopTimer timer_;
};

}  // namespace gossip::agent
