#include "gossip/config.h"

#include <array>
#include <utility>

namespace gossip {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool is_aes_key(const Bytes& key) {
  return key.size() == 16 || key.size() == 24 || key.size() == 32;
}

tl::unexpected<Error> too_large(std::string_view what, std::size_t bytes, std::size_t limit) {
  return fail(ErrorCode::TooLarge, std::string(what) + " is " + std::to_string(bytes) +
                                       " bytes long, the limit is " + std::to_string(limit));
}

// A period of zero would keep one turn of the engine busy for ever.
Expected<void> check_periods(const Timing& timing) {
  const std::array<std::pair<std::string_view, Duration>, 6> periods = {{
      {"probe interval", timing.probe_interval},
      {"gossip interval", timing.gossip_interval},
      {"push/pull interval", timing.push_pull_interval},
      {"reap interval", timing.reap_interval},
      {"reconnect interval", timing.reconnect_interval},
      {"queue check interval", timing.queue_check_interval},
  }};
  for (const auto& [name, period] : periods) {
    if (period < milliseconds(1)) {
      return fail(ErrorCode::InvalidArgument, std::string(name) + " is shorter than a millisecond");
    }
  }
  if (timing.restart_grace < Duration::zero()) {
    return fail(ErrorCode::InvalidArgument, "restart grace is negative; 0s turns it off");
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
    if (!is_aes_key(key)) {
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
  if (config.event_buffer == 0 || config.max_members == 0) {
    return fail(ErrorCode::InvalidArgument,
                config.max_members == 0 ? "member limit is 0" : "event buffer is 0");
  }
  return check_periods(config.timing);
}

}  // namespace gossip
