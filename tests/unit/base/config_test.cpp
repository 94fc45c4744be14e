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
  CHECK(error_of(config).message == "event buffer is 0");
  config = {};
  config.max_members = 0;
  CHECK(error_of(config).message == "member limit is 0");
  config = {};
  config.timing.gossip_interval = Duration(0);
  CHECK(error_of(config).message == "gossip interval is shorter than a millisecond");
  config.timing.gossip_interval = std::chrono::milliseconds(1);
  config.timing.restart_grace = Duration(-1);
  CHECK(error_of(config).message == "restart grace is negative; 0s turns it off");
}

}  // namespace gossip
