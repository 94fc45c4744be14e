// Gathers what the parts of one agent count, whenever somebody asks. Nothing here ticks: an agent whose figures nobody
// wants pays for a few counters.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <uv.h>

#include "gossip/error.h"
#include "gossip/event.h"

#include "agent/events/event_feed.h"
#include "agent/metrics/figures.h"
#include "agent/metrics/http_server.h"
#include "agent/metrics/push.h"
#include "agent/rpc/listener.h"
#include "agent/seeds/seeding.h"
#include "agent/system/logging.h"
#include "config/agent_config.h"
#include "metrics/family.h"
#include "rpc/endpoint.h"
#include "runtime/host.h"

namespace gossip::agent::metrics {

class Metrics {
 public:
  // All of these outlive the metrics. `ready`: whether a service manager would be told so.
  Metrics(const runtime::Host& host, const EventFeed& events, std::function<bool()> ready);

  // Once they are open; they outlive whoever asks.
  void attach(const rpc::Listener& listener) { listener_ = &listener; }
  void attach(const seeds::Seeding& seeding) { seeding_ = &seeding; }

  // Answers scrapers and probes. `loop` and `handles` outlive the metrics; `options` are for a Unix socket. Errors:
  // those of HttpServer::open.
  [[nodiscard]] Expected<void> serve(uv_loop_t* loop, runtime::HandleCount& handles,
                                     const gossip::rpc::Endpoint& endpoint,
                                     rpc::SocketFileOptions options);
  // Begins to tell statsd and statsite, where they are configured. Errors: System.
  [[nodiscard]] Expected<void> push(uv_loop_t* loop, runtime::HandleCount& handles, Logging& log,
                                    const config::MetricsConfig& config);
  void close();

  void published(const Event& event);

  [[nodiscard]] Figures figures() const;
  // Where HTTP is answered, with the real port; "" for nowhere.
  [[nodiscard]] std::string http_address() const { return http_ ? http_->address() : ""; }
  // As docs/metrics.md lists them.
  [[nodiscard]] std::vector<gossip::metrics::Family> families() const;

 private:
  // Without the process and the seeds, which cost files and copies: what a sink is told each second.
  [[nodiscard]] Figures counted() const;

  const runtime::Host& host_;
  const EventFeed& events_;
  std::function<bool()> ready_;
  const rpc::Listener* listener_ = nullptr;
  const seeds::Seeding* seeding_ = nullptr;
  MemberEventCounts member_events_{};
  // Asked for by the first who wants figures: most agents start without any.
  mutable std::optional<double> process_start_time_;
  std::unique_ptr<Push> push_;        // none without a sink
  std::unique_ptr<HttpServer> http_;  // none without metrics_addr
};

}  // namespace gossip::agent::metrics
