#include "agent/metrics/metrics.h"

#include <utility>
#include <variant>

#include "agent/metrics/catalog.h"
#include "agent/metrics/pages.h"

namespace gossip::agent::metrics {

Metrics::Metrics(const runtime::Host& host, const EventFeed& events, std::function<bool()> ready)
    : host_(host), events_(events), ready_(std::move(ready)) {}

Expected<void> Metrics::serve(uv_loop_t* loop, runtime::HandleCount& handles,
                              const gossip::rpc::Endpoint& endpoint,
                              rpc::SocketFileOptions options) {
  options.purpose = "metrics";
  options.flag = "--metrics-addr";
  const PageSources sources{[this] { return families(); }, ready_};
  Expected<std::unique_ptr<HttpServer>> server =
      HttpServer::open(loop, handles, endpoint, options,
                       [sources](const HttpRequest& request) { return page(request, sources); });
  if (!server) return tl::unexpected<Error>(std::move(server.error()));
  http_ = std::move(*server);
  return {};
}

Expected<void> Metrics::push(uv_loop_t* loop, runtime::HandleCount& handles, Logging& log,
                             const config::MetricsConfig& config) {
  if (config.statsd_address.empty() && config.statsite_address.empty()) return {};
  push_ = std::make_unique<Push>(loop, handles, log, [this] { return counted(); });
  if (!config.statsd_address.empty()) push_->add(SinkKind::Statsd, config.statsd_address);
  if (!config.statsite_address.empty()) push_->add(SinkKind::Statsite, config.statsite_address);
  return push_->open();
}

void Metrics::close() {
  if (push_) push_->close();
  if (http_) http_->close();
}

void Metrics::published(const Event& event) {
  if (push_) push_->published(event);
  const auto* const members = std::get_if<MemberEvent>(&event);
  if (members == nullptr) return;
  member_events_[static_cast<std::size_t>(members->kind)] += members->members.size();
}

Figures Metrics::counted() const {
  Figures figures;
  figures.stats = host_.engine().stats();
  figures.member_events = member_events_;
  figures.handlers = events_.handler_figures();
  if (listener_ != nullptr) figures.rpc = listener_->counters();
  if (push_) figures.sinks = push_->sinks();
  if (http_) figures.http = http_->counters();
  figures.ready = ready_();
  return figures;
}

Figures Metrics::figures() const {
  Figures figures = counted();
  if (seeding_ != nullptr) figures.seeds = seeding_->report().seeds;
  figures.process = process_figures();
  if (!process_start_time_) process_start_time_ = metrics::process_start_time();
  figures.process_start_time = process_start_time_;
  return figures;
}

std::vector<gossip::metrics::Family> Metrics::families() const {
  return metrics::families(figures());
}

}  // namespace gossip::agent::metrics
