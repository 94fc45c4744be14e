// The protocol's tunables: what is said wins over the profile, what makes no sense is refused at its place.
#include <doctest/doctest.h>

#include "config/options.h"
#include "unit/config/loading.h"
#include "unit/temporary_folder.h"

namespace gossip::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

AgentConfig with(const std::string& toml, const Args& more = {}) {
  const TemporaryFolder folder;
  Args args{"--config-file", folder.write("a.toml", toml)};
  args.insert(args.end(), more.begin(), more.end());
  return good(args);
}

// Without the name of the file.
std::string refusal_of_file(const std::string& toml) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.toml", toml);
  const std::string text = complaint({"--config-file", file});
  REQUIRE(text.substr(0, file.size()) == file);
  return text.substr(file.size());
}

TEST_CASE("what a file says of the protocol wins over the profile, whichever comes first") {
  for (const char* toml :
       {"profile = \"wan\"\n[swim]\nprobe_interval = \"7s\"\ngossip_nodes = 9\n",
        "swim.probe_interval = \"7s\"\nswim.gossip_nodes = 9\nprofile = \"wan\"\n"}) {
    const Timing timing = with(toml).node.timing;
    CHECK(timing.probe_interval == seconds(7));
    CHECK(timing.gossip_nodes == 9);
    CHECK(timing.probe_timeout == Timing::wan().probe_timeout);
    CHECK(timing.suspicion_mult == Timing::wan().suspicion_mult);
  }
}

TEST_CASE("a value that is the lan profile's is still said") {
  CHECK(with("profile = \"wan\"\nswim.probe_interval = \"1s\"\nswim.probe_timeout = \"500ms\"\n")
            .node.timing.probe_interval == seconds(1));
}

TEST_CASE("every period and count of the protocol has a key, and reaches the node") {
  const AgentConfig config = with(R"(
eager_push = false
take_new_address = false
max_members = 11
max_queue_depth = 12
event_buffer = 13
leave_propagate_delay = "1ms"
recent_intent_timeout = "2ms"
reap_interval = "3ms"
queue_check_interval = "4ms"
broadcast_timeout = "5s"
reconnect_interval = "6ms"
reconnect_timeout = "7ms"
tombstone_timeout = "8ms"
[swim]
probe_interval = "21ms"
probe_timeout = "20ms"
indirect_checks = 0
tcp_timeout = "22ms"
suspicion_mult = 31
suspicion_max_timeout_mult = 32
awareness_max_multiplier = 33
gossip_interval = "23ms"
gossip_nodes = 34
gossip_to_the_dead_time = "0s"
retransmit_mult = 35
push_pull_interval = "24ms"
)");
  CHECK(config.node.first_push == FirstPush::OnTick);
  CHECK(config.node.dead_member_address == DeadMemberAddress::KeepOld);
  CHECK(config.node.max_members == 11);
  CHECK(config.node.max_queue_depth == 12);
  CHECK(config.node.event_buffer == 13);
  const Timing& timing = config.node.timing;
  CHECK(timing.leave_propagate_delay == milliseconds(1));
  CHECK(timing.recent_intent_timeout == milliseconds(2));
  CHECK(timing.reap_interval == milliseconds(3));
  CHECK(timing.queue_check_interval == milliseconds(4));
  CHECK(timing.broadcast_timeout == seconds(5));
  CHECK(timing.reconnect_interval == milliseconds(6));
  CHECK(timing.reconnect_timeout == milliseconds(7));
  CHECK(timing.tombstone_timeout == milliseconds(8));
  CHECK(timing.probe_interval == milliseconds(21));
  CHECK(timing.probe_timeout == milliseconds(20));
  CHECK(timing.indirect_checks == 0);
  CHECK(timing.tcp_timeout == milliseconds(22));
  CHECK(timing.suspicion_mult == 31);
  CHECK(timing.suspicion_max_timeout_mult == 32);
  CHECK(timing.awareness_max_multiplier == 33);
  CHECK(timing.gossip_interval == milliseconds(23));
  CHECK(timing.gossip_nodes == 34);
  CHECK(timing.gossip_to_the_dead_time == Duration::zero());
  CHECK(timing.retransmit_mult == 35);
  CHECK(timing.push_pull_interval == milliseconds(24));
}

TEST_CASE("a tunable that cannot work is refused where it stands") {
  CHECK(refusal_of_file("[swim]\nprobe_interval = \"0s\"\n") ==
        ":2:1: swim.probe_interval: \"0s\" is too short, at least 1ms");
  CHECK(refusal_of_file("[swim]\nretransmit_mult = 0\n") ==
        ":2:1: swim.retransmit_mult: must be between 1 and 1000");
  CHECK(refusal_of_file("[swim]\ngossip_nodes = 1001\n") ==
        ":2:1: swim.gossip_nodes: must be between 1 and 1000");
  CHECK(refusal_of_file("[swim]\ngossip_nodes = \"3\"\n") ==
        ":2:1: swim.gossip_nodes: expected a whole number, got the text \"3\"");
  CHECK(refusal_of_file("[swim]\nprobe_interval = \"300ms\"\n") ==
        ":2:1: swim.probe_interval: the timeout of a probe (500ms) is longer than the interval "
        "(300ms)");
  CHECK(refusal_of_file("swim.probe_timeout = \"2s\"\n") ==
        ":1:6: swim.probe_timeout: the timeout of a probe (2s) is longer than the interval (1s)");
  CHECK(refusal_of_file("[swim]\nsuspicion_mult = 101\n") ==
        ":2:1: swim.suspicion_mult: must be between 1 and 100");
  CHECK(refusal_of_file("reconnect_timeout = \"2562047h\"\n") ==
        ":1:1: reconnect_timeout: \"2562047h\" is too long, at most 876000h0m0s");
  CHECK(refusal_of_file("swim.probe_interval = \"2h\"\n") ==
        ":1:6: swim.probe_interval: \"2h\" is too long, at most 1h0m0s");
  CHECK(refusal_of_file("max_members = 0\n") == ":1:1: max_members: must be between 1 and 1000000");
  CHECK(refusal_of_file("event_buffer = 65537\n") ==
        ":1:1: event_buffer: must be between 1 and 65536");
  CHECK(refusal_of_file("[swim]\nprobe_intervall = \"1s\"\n") ==
        ":2:1: unknown key \"swim.probe_intervall\", did you mean \"swim.probe_interval\"?");
  CHECK(refusal_of_file("swim = 3\n") == ":1:1: swim: expected a table");
}

TEST_CASE("what changed among the tunables is named") {
  const Settings before = with("").settings;
  const Settings after = with("swim.gossip_nodes = 4\nreap_interval = \"1s\"\n").settings;
  CHECK(changed(before, after) ==
        std::vector<std::string_view>{"reap_interval", "swim.gossip_nodes"});
}

}  // namespace
}  // namespace gossip::config
