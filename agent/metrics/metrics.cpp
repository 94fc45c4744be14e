#include "agent/metrics/metrics.h"

#include <utility>
#include <variant>

#include "agent/metrics/catalog.h"

namespace gossip::agent::metrics {

Metrics::Metrics(const runtime::Host& host, const EventFeed& events, std::function<bool()> ready)
    : host_(host), events_(events), ready_(std::move(ready)) {}

void Metrics::published(const Event& event) {
  const auto* const members = std::get_if<MemberEvent>(&event);
  if (members == nullptr) return;
  member_events_[static_cast<std::size_t>(members->kind)] += members->members.size();
}

Figures Metrics::figures() const {
  Figures figures;
  figures.stats = host_.engine().stats();
  figures.member_events = member_events_;
  figures.handlers = events_.handler_figures();
  if (listener_ != nullptr) figures.rpc = listener_->counters();
  if (seeding_ != nullptr) figures.seeds = seeding_->report().seeds;
  figures.process = process_figures();
  figures.ready = ready_();
  return figures;
}

std::vector<gossip::metrics::Family> Metrics::families() const {
  return metrics::families(figures());
}

}  // namespace gossip::agent::metrics
