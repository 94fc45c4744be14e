// What Serf's agents tell statsd and statsite, under the same names and of the same types: "serf-agent.memberlist.
// udp.sent:312.000000|c". Serf says each thing as it happens; here a report says what has come since the last one, so
// that counters add up to the same, and a timer is one sample, the mean of the interval (docs/metrics.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gossip/event.h"

#include "agent/metrics/figures.h"

namespace gossip::agent::metrics {

// Names of user events and queries in one report; the rest of them count under their kind alone.
inline constexpr std::size_t kMaxReportedNames = 256;
// Queues are sampled in one report of so many.
inline constexpr std::uint64_t kQueueEvery = 10;

class GoMetrics {
 public:
  // `host` stands in the names of gauges.
  explicit GoMetrics(std::string host) : host_(std::move(host)) {}

  // Counts the names of user events and queries until the next report.
  void published(const Event& event);

  // Lines without newlines; none that says nothing new.
  [[nodiscard]] std::vector<std::string> report(const Figures& now);

 private:
  std::string host_;
  Figures last_;
  std::map<std::string, std::uint64_t, std::less<>> names_;  // "serf.events.deploy"
  std::uint64_t reports_ = 0;
};

}  // namespace gossip::agent::metrics
