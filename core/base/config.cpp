#include "gossip/config.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "gossip/keys.h"

#include "base/go_duration.h"

namespace gossip {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

tl::unexpected<Error> too_large(std::string_view what, std::size_t bytes, std::size_t limit) {
  return fail(ErrorCode::TooLarge, std::string(what) + " is " + std::to_string(bytes) +
                                       " bytes long, the limit is " + std::to_string(limit));
}

struct PeriodBounds {
  std::string_view name;
  Duration value;
  Duration least;
  Duration most;
};

// A period of zero would keep one turn of the engine busy for ever; with one beyond its bound a deadline could overflow.
Expected<void> check_periods(const Timing& timing) {
  constexpr Duration kMoment = milliseconds(1);
  constexpr Duration kNone = Duration::zero();
  const std::array<PeriodBounds, 15> periods = {{
      {"probe interval", timing.probe_interval, kMoment, kLongestProbe},
      {"probe timeout", timing.probe_timeout, kMoment, kLongestProbe},
      {"TCP timeout", timing.tcp_timeout, kMoment, kLongestPeriod},
      {"gossip interval", timing.gossip_interval, kMoment, kLongestPeriod},
      {"push/pull interval", timing.push_pull_interval, kMoment, kLongestPeriod},
      {"reap interval", timing.reap_interval, kMoment, kLongestPeriod},
      {"reconnect interval", timing.reconnect_interval, kMoment, kLongestPeriod},
      {"queue check interval", timing.queue_check_interval, kMoment, kLongestPeriod},
      {"broadcast timeout", timing.broadcast_timeout, kNone, kLongestPeriod},
      {"leave propagate delay", timing.leave_propagate_delay, kNone, kLongestPeriod},
      {"gossip to the dead time", timing.gossip_to_the_dead_time, kNone, kLongestMemory},
      {"recent intent timeout", timing.recent_intent_timeout, kNone, kLongestMemory},
      {"restart grace", timing.restart_grace, kNone, kLongestPeriod},
      {"reconnect timeout", timing.reconnect_timeout, kNone, kLongestMemory},
      {"tombstone timeout", timing.tombstone_timeout, kNone, kLongestMemory},
  }};
  for (const PeriodBounds& period : periods) {
    if (period.value >= period.least && period.value <= period.most) continue;
    return fail(ErrorCode::InvalidArgument,
                std::string(period.name) + " is " + base::format_go_duration(period.value) +
                    ", it must be between " + base::format_go_duration(period.least) + " and " +
                    base::format_go_duration(period.most));
  }
  if (timing.probe_timeout > timing.probe_interval) {
    return fail(ErrorCode::InvalidArgument,
                "the timeout of a probe (" + base::format_go_duration(timing.probe_timeout) +
                    ") is longer than the interval (" +
                    base::format_go_duration(timing.probe_interval) + ")");
  }
  return {};
}

struct CountBounds {
  std::string_view name;
  std::uint64_t value;
  std::uint64_t least;
  std::uint64_t most;
};

Expected<void> check_counts(const Config& config) {
  const Timing& timing = config.timing;
  const std::array<CountBounds, 11> counts = {{
      {"member limit", config.max_members, 1, kMostMembers},
      {"event buffer", config.event_buffer, 1, kMaxEventBuffer},
      {"queue depth", config.max_queue_depth, 1, kMaxQueueDepth},
      {"query size limit", config.query_size_limit, 1, kMaxQueryBytes},
      {"query response size limit", config.query_response_size_limit, 1, kMaxQueryBytes},
      {"number of indirect checks", timing.indirect_checks, 0, kMaxFanout},
      {"number of gossip nodes", timing.gossip_nodes, 1, kMaxFanout},
      {"retransmit multiplier", timing.retransmit_mult, 1, kMaxFanout},
      {"awareness multiplier", timing.awareness_max_multiplier, 1, kMaxFanout},
      {"suspicion multiplier", timing.suspicion_mult, 1, kMaxSuspicionMult},
      {"suspicion timeout multiplier", timing.suspicion_max_timeout_mult, 1, kMaxSuspicionMult},
  }};
  for (const CountBounds& count : counts) {
    if (count.value >= count.least && count.value <= count.most) continue;
    return fail(ErrorCode::InvalidArgument,
                std::string(count.name) + " is " + std::to_string(count.value) +
                    ", it must be between " + std::to_string(count.least) + " and " +
                    std::to_string(count.most));
  }
  return {};
}

}  // namespace

Timing Timing::lan() {
  return {};
}

Timing Timing::wan() {
  Timing timing;
  timing.tcp_timeout = seconds(30);
  timing.suspicion_mult = 6;
  timing.push_pull_interval = seconds(60);
  timing.probe_interval = seconds(5);
  timing.probe_timeout = seconds(3);
  timing.gossip_interval = milliseconds(500);
  timing.gossip_nodes = 4;
  timing.gossip_to_the_dead_time = seconds(60);
  return timing;
}

Timing Timing::local() {
  Timing timing;
  timing.tcp_timeout = seconds(1);
  timing.indirect_checks = 1;
  timing.retransmit_mult = 2;
  timing.suspicion_mult = 3;
  timing.push_pull_interval = seconds(15);
  timing.probe_timeout = milliseconds(200);
  timing.gossip_interval = milliseconds(100);
  timing.gossip_to_the_dead_time = seconds(15);
  return timing;
}

Expected<void> check(const Config& config) {
  if (config.node_name.size() > kMaxNameBytes) {
    return too_large("node name", config.node_name.size(), kMaxNameBytes);
  }
  if (config.label.size() > kMaxLabelBytes) {
    return too_large("cluster label", config.label.size(), kMaxLabelBytes);
  }
  if (config.user_event_size_limit > kMaxUserEventBytes) {
    return fail(ErrorCode::TooLarge,
                "user event size limit is " + std::to_string(config.user_event_size_limit) +
                    " bytes, at most " + std::to_string(kMaxUserEventBytes) + " are possible");
  }
  for (const Bytes& key : config.encryption_keys) {
    if (!is_key_size(key.size())) {
      return fail(ErrorCode::InvalidArgument, "encryption key is " + std::to_string(key.size()) +
                                                  " bytes long, it must be 16, 24 or 32");
    }
  }
  if (config.protocol < kMinSerfProtocol || config.protocol > kMaxSerfProtocol) {
    return fail(ErrorCode::InvalidArgument, "protocol version " + std::to_string(config.protocol) +
                                                " is not supported, only " +
                                                std::to_string(kMinSerfProtocol) + " to " +
                                                std::to_string(kMaxSerfProtocol) + " are");
  }
  if (Expected<void> counts = check_counts(config); !counts.has_value()) return counts;
  return check_periods(config.timing);
}

}  // namespace gossip
