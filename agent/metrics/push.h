// Tells statsd and statsite once a second what has come since the last time, for as long as the agent runs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <uv.h>

#include "gossip/error.h"
#include "gossip/event.h"

#include "agent/metrics/figures.h"
#include "agent/metrics/go_metrics.h"
#include "agent/metrics/sink.h"
#include "agent/system/logging.h"
#include "runtime/handle.h"
#include "runtime/loop_timer.h"

namespace gossip::agent::metrics {

class Push {
 public:
  static constexpr Duration kInterval = std::chrono::seconds(1);

  // All of these outlive the push, and `handles` its handles.
  Push(uv_loop_t* loop, runtime::HandleCount& handles, Logging& log,
       std::function<Figures()> figures);

  // "host:port".
  void add(SinkKind kind, std::string address);
  // Errors: System.
  [[nodiscard]] Expected<void> open();
  // After a last report.
  void close();

  void published(const Event& event) { go_metrics_.published(event); }
  [[nodiscard]] std::vector<SinkFigures> sinks() const;

 private:
  void report();
  void tell();

  uv_loop_t* loop_;
  runtime::HandleCount& handles_;
  Logging& log_;
  std::function<Figures()> figures_;
  GoMetrics go_metrics_;
  std::vector<std::unique_ptr<Sink>> sinks_;
  runtime::LoopTimer timer_;
};

}  // namespace gossip::agent::metrics
