#include "gossip/config.h"

#include <doctest/doctest.h>

namespace gossip {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Error error_of(const Config& config) {
  const Expected<void> result = check(config);
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

}  // namespace

TEST_CASE("the defaults are in order") {
  CHECK(check(Config{}).has_value());
}

TEST_CASE("the profiles differ where memberlist's do") {
  const Timing lan = Timing::lan();
  CHECK(lan.probe_interval == seconds(1));
  CHECK(lan.suspicion_mult == 4);
  const Timing wan = Timing::wan();
  CHECK(wan.tcp_timeout == seconds(30));
  CHECK(wan.indirect_checks == 3);
  CHECK(wan.retransmit_mult == 4);
  CHECK(wan.suspicion_mult == 6);
  CHECK(wan.push_pull_interval == seconds(60));
  CHECK(wan.probe_interval == seconds(5));
  CHECK(wan.probe_timeout == seconds(3));
  CHECK(wan.gossip_interval == milliseconds(500));
  CHECK(wan.gossip_nodes == 4);
  CHECK(wan.gossip_to_the_dead_time == seconds(60));
  const Timing local = Timing::local();
  CHECK(local.tcp_timeout == seconds(1));
  CHECK(local.indirect_checks == 1);
  CHECK(local.retransmit_mult == 2);
  CHECK(local.suspicion_mult == 3);
  CHECK(local.push_pull_interval == seconds(15));
  CHECK(local.probe_interval == seconds(1));
  CHECK(local.probe_timeout == milliseconds(200));
  CHECK(local.gossip_interval == milliseconds(100));
  CHECK(local.gossip_nodes == 3);
  CHECK(local.gossip_to_the_dead_time == seconds(15));
}

TEST_CASE("a key has 16, 24 or 32 bytes") {
  for (const std::size_t length : {16U, 24U, 32U}) {
    Config config;
    config.encryption_keys = {Bytes(length, 1)};
    CHECK(check(config).has_value());
  }
  for (const std::size_t length : {0U, 15U, 17U, 33U, 64U}) {
    Config config;
    config.encryption_keys = {Bytes(16, 1), Bytes(length, 2)};
    CHECK(error_of(config).code == ErrorCode::InvalidArgument);
  }
}

TEST_CASE("what is too long is refused with both numbers") {
  Config config;
  config.node_name.assign(512, 'n');
  config.label.assign(255, 'l');
  config.user_event_size_limit = kMaxUserEventBytes;
  CHECK(check(config).has_value());

  Config name = config;
  name.node_name += 'n';
  CHECK(error_of(name).code == ErrorCode::TooLarge);
  CHECK(error_of(name).message == "node name is 513 bytes long, the limit is 512");

  Config label = config;
  label.label += 'l';
  CHECK(error_of(label).message == "cluster label is 256 bytes long, the limit is 255");

  Config limit = config;
  ++limit.user_event_size_limit;
  CHECK(error_of(limit).code == ErrorCode::TooLarge);
}

TEST_CASE("only Serf's protocols 2 to 5 are spoken") {
  for (int protocol = 0; protocol < 8; ++protocol) {
    Config config;
    config.protocol = static_cast<std::uint8_t>(protocol);
    CHECK(check(config).has_value() == (protocol >= 2 && protocol <= 5));
  }
}

TEST_CASE("tables have room and periods have a length") {
  Config config;
  config.event_buffer = 0;
  CHECK(error_of(config).message == "event buffer is 0, it must be between 1 and 65536");
  config = {};
  config.max_members = 0;
  CHECK(error_of(config).message == "member limit is 0, it must be between 1 and 1000000");
  config = {};
  config.timing.gossip_interval = Duration(0);
  CHECK(error_of(config).message == "gossip interval is 0s, it must be between 1ms and 8760h0m0s");
  config.timing.gossip_interval = std::chrono::milliseconds(1);
  config.timing.restart_grace = Duration(-1);
  CHECK(error_of(config).message == "restart grace is -1ns, it must be between 0s and 8760h0m0s");
}

TEST_CASE("counts that cannot work are refused, and so are those that nobody means") {
  const auto refused = [](auto set) {
    Config config;
    set(config);
    return !check(config).has_value();
  };
  CHECK(refused([](Config& c) { c.event_buffer = kMaxEventBuffer + 1; }));
  CHECK(refused([](Config& c) { c.max_members = kMostMembers + 1; }));
  CHECK(refused([](Config& c) { c.max_queue_depth = 0; }));
  CHECK(refused([](Config& c) { c.max_queue_depth = kMaxQueueDepth + 1; }));
  CHECK(refused([](Config& c) { c.query_size_limit = 0; }));
  CHECK(refused([](Config& c) { c.query_size_limit = kMaxQueryBytes + 1; }));
  CHECK(refused([](Config& c) { c.query_response_size_limit = 0; }));
  CHECK(refused([](Config& c) { c.query_response_size_limit = kMaxQueryBytes + 1; }));
  CHECK(refused([](Config& c) { c.timing.indirect_checks = kMaxFanout + 1; }));
  CHECK(refused([](Config& c) { c.timing.gossip_nodes = 0; }));
  CHECK(refused([](Config& c) { c.timing.gossip_nodes = kMaxFanout + 1; }));
  CHECK(refused([](Config& c) { c.timing.retransmit_mult = 0; }));
  CHECK(refused([](Config& c) { c.timing.awareness_max_multiplier = 0; }));
  CHECK(refused([](Config& c) { c.timing.suspicion_mult = kMaxSuspicionMult + 1; }));
  CHECK(refused([](Config& c) { c.timing.suspicion_max_timeout_mult = 0; }));
  CHECK_FALSE(refused([](Config& c) { c.timing.indirect_checks = 0; }));
}

TEST_CASE("periods have an end, so that no deadline overflows, and fit together") {
  const auto error = [](auto set) {
    Config config;
    set(config.timing);
    return error_of(config).message;
  };
  CHECK(error([](Timing& t) { t.reconnect_timeout = kLongestMemory + seconds(1); }) ==
        "reconnect timeout is 876000h0m1s, it must be between 0s and 876000h0m0s");
  CHECK(error([](Timing& t) { t.tombstone_timeout = Duration::max(); }).starts_with("tombstone"));
  CHECK(error([](Timing& t) { t.broadcast_timeout = Duration(-1); }).starts_with("broadcast"));
  CHECK(error([](Timing& t) { t.broadcast_timeout = kLongestMemory; }).starts_with("broadcast"));
  CHECK(error([](Timing& t) { t.probe_interval = kLongestPeriod; }).starts_with("probe interval"));
  CHECK(error([](Timing& t) { t.push_pull_interval = kLongestMemory; }).starts_with("push/pull"));
  CHECK(error([](Timing& t) { t.probe_timeout = seconds(2); }) ==
        "the timeout of a probe (2s) is longer than the interval (1s)");
  Config longest;
  longest.timing.reconnect_timeout = kLongestMemory;
  longest.timing.probe_interval = kLongestProbe;
  longest.timing.push_pull_interval = kLongestPeriod;
  CHECK(check(longest).has_value());
}

}  // namespace gossip
