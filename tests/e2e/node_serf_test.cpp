#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "gossip/node.h"

#include "e2e/serf_process.h"
#include "e2e/test_node.h"
#include "e2e/watcher.h"

using namespace gossip;       // NOLINT(google-build-using-namespace)
using namespace gossip::e2e;  // NOLINT(google-build-using-namespace)

namespace {

// A process takes a moment to listen; the join is what shows that it does.
bool join_within_seconds(Node& node, const std::string& address) {
  for (int i = 0; i < 100; ++i) {
    if (node.join(std::vector<std::string>{address})) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

}  // namespace

TEST_CASE("a node in a cluster of the real serf: tags, leaves and failures, both ways" *
          doctest::skip(lacks_serf())) {
  const std::string program = serf_program();
  REQUIRE_MESSAGE(can_run(program), "GOSSIP_SERF names no program: " << program);
  SerfProcess serf_1(program, "s1", own_ip(101));
  SerfProcess serf_2(program, "s2", own_ip(102));
  Watcher watcher;
  Config config = quick_config("embedded", 103);
  config.tags = {{"role", "web"}};
  Node node = make_node(config, &watcher);
  must(node.start());
  REQUIRE(join_within_seconds(node, own_ip(101) + ":7946"));
  REQUIRE(join_within_seconds(node, own_ip(102) + ":7946"));
  REQUIRE(watcher.wait_for("join s1"));
  REQUIRE(watcher.wait_for("join s2"));

  CHECK(serf_1.shows({"members", "-status=alive", "-name=embedded", "-tag=role=web"}, "embedded"));
  REQUIRE(serf_2.command({"tags", "-set", "version=2"}).code == 0);
  REQUIRE(watcher.wait_for("update s2"));
  CHECK(find(node, "s2").tags.at("version") == "2");

  REQUIRE(serf_2.command({"leave"}).code == 0);
  REQUIRE(watcher.wait_for("left s2"));
  serf_1.kill();
  REQUIRE(watcher.wait_for("failed s1"));
  CHECK(watcher.all().find("stopped") == std::string::npos);
  must(node.leave());
}

TEST_CASE(
    "a node that leaves has left in the eyes of the real serf, one that is destroyed has not" *
    doctest::skip(lacks_serf())) {
  const std::string program = serf_program();
  REQUIRE_MESSAGE(can_run(program), "GOSSIP_SERF names no program: " << program);
  SerfProcess serf(program, "s3", own_ip(104));
  {
    Node leaver = make_node(quick_config("leaver", 105));
    Node faller = make_node(quick_config("faller", 106));
    must(leaver.start());
    must(faller.start());
    REQUIRE(join_within_seconds(leaver, own_ip(104) + ":7946"));
    REQUIRE(join_within_seconds(faller, own_ip(104) + ":7946"));
    must(leaver.leave());
    CHECK(serf.shows({"members", "-status=left", "-name=leaver"}, "leaver"));
  }
  CHECK(serf.shows({"members", "-status=failed", "-name=faller"}, "faller"));
}
