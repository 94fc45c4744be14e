// All that one agent counts, in one place and at one moment: what the catalogue and the statsd sink make names of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "gossip/event.h"
#include "gossip/stats.h"

#include "agent/handlers/handlers.h"
#include "agent/metrics/http_session.h"
#include "agent/metrics/process.h"
#include "agent/rpc/listener.h"
#include "rpc/protocol.h"

namespace gossip::agent::metrics {

inline constexpr std::size_t kMemberEventKinds = 5;

// Members in events of each kind, by MemberEventKind.
using MemberEventCounts = std::array<std::uint64_t, kMemberEventKinds>;

enum class SinkKind : std::uint8_t { Statsd, Statsite };
// "statsd" …
[[nodiscard]] std::string_view to_string(SinkKind kind);

struct SinkCounters {
  std::uint64_t lines_sent = 0;  // given to the system
  std::uint64_t lines_lost = 0;
};

struct SinkFigures {
  SinkKind kind = SinkKind::Statsd;
  SinkCounters counters;
};

struct Figures {
  Stats stats;
  MemberEventCounts member_events{};
  HandlerFigures handlers;
  rpc::ListenerCounters rpc;
  std::vector<gossip::rpc::SeedStatus> seeds;
  std::optional<ProcessFigures> process;
  std::optional<double> process_start_time;  // in seconds since 1970
  std::vector<SinkFigures> sinks;            // that are configured
  std::optional<HttpCounters> http;          // where there is a metrics address
  bool ready = false;                        // as a service manager would be told
};

}  // namespace gossip::agent::metrics
