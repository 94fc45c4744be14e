#include "cluster/reaper.h"

#include <algorithm>
#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "unit/cluster/scene.h"

namespace gossip::cluster {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::size_t count_of(const Lines& lines, std::string_view start) {
  return static_cast<std::size_t>(std::ranges::count_if(
      lines, [start](const std::string& line) { return line.starts_with(start); }));
}

TEST_CASE("an agent whose members are all alive has no timer") {
  Scene scene;
  scene.join("q");
  CHECK(scene.cluster.next_deadline() == std::nullopt);
}

TEST_CASE("a failed member is reaped after the reconnect timeout, and no timer is left") {
  Scene scene;
  scene.join("q");
  scene.gone("q");
  scene.pass(hours(24) - seconds(1));
  CHECK(scene.status("q") == "failed 0");
  scene.said();
  scene.logged();
  scene.pass(seconds(1));
  CHECK(scene.status("q") == "absent");
  CHECK(scene.said() == Lines{"member-reap q (failed)", "reaped q"});
  CHECK(count_of(scene.logged(), "info serf: EventMemberReap: q") == 1);
  scene.pass(minutes(1));
  CHECK(scene.cluster.next_deadline() == std::nullopt);
}

TEST_CASE("a left member is reaped after the tombstone timeout") {
  Config config;
  config.timing.tombstone_timeout = hours(1);
  Scene scene(config);
  scene.join("q");
  scene.receive_leave("q", 5);
  scene.gone("q");
  scene.said();
  scene.pass(hours(1) - seconds(1));
  CHECK(scene.status("q") == "left 5");
  scene.pass(seconds(1));
  CHECK(scene.said() == Lines{"member-reap q (left)", "reaped q"});
  CHECK(scene.gauges().members == 1);
}

TEST_CASE("a failed member that is forced out keeps the time at which it failed") {
  Config config;
  config.timing.tombstone_timeout = hours(2);
  Scene scene(config);
  scene.join("q");
  scene.gone("q");
  scene.pass(hours(1));
  scene.receive_leave("q", 5);
  scene.said();
  scene.pass(hours(1) - seconds(1));
  CHECK(scene.status("q") == "left 5");
  scene.pass(seconds(1));
  CHECK(scene.status("q") == "absent");
}

TEST_CASE("members are reaped at most once in a reap interval") {
  Config config;
  config.timing.tombstone_timeout = minutes(1);
  Scene scene(config);
  for (const char* name : {"p", "q"}) {
    scene.join(name);
    scene.receive_leave(name, 5);
    scene.gone(name);
    scene.pass(seconds(1));
  }
  scene.said();
  scene.pass(seconds(58));
  CHECK(count_of(scene.said(), "member-reap p") == 1);
  scene.pass(seconds(14));
  CHECK(scene.said().empty());
  scene.pass(seconds(1));
  CHECK(count_of(scene.said(), "member-reap q") == 1);
}

TEST_CASE("a member that came back in time is not reaped") {
  Scene scene;
  scene.join("q");
  scene.gone("q");
  scene.pass(hours(23));
  scene.join("q");
  scene.said();
  scene.pass(hours(48));
  CHECK(scene.status("q") == "alive 0");
  CHECK(scene.said().empty());
  CHECK(scene.cluster.next_deadline() == std::nullopt);
}

TEST_CASE("the only failed member of two is tried in every reconnect interval") {
  Scene scene;
  scene.join("q");
  scene.gone("q");
  scene.said();
  scene.pass(seconds(30));
  CHECK(scene.said() == Lines{"reconnect q"});
  CHECK(count_of(scene.logged(), "info serf: attempting reconnect to q 192.0.2.2:7946") == 1);
  scene.pass(seconds(300));
  CHECK(scene.said().size() == 10);
  scene.join("q");
  scene.said();
  scene.pass(seconds(60));
  CHECK(scene.said().empty());
  CHECK(scene.cluster.next_deadline() >= scene.now + hours(1));
}

TEST_CASE("in a larger cluster each member tries as seldom as its share") {
  Scene scene;
  for (int i = 0; i < 19; ++i)
    scene.join("n" + std::to_string(i));
  scene.join("q");
  scene.gone("q");
  scene.said();
  scene.pass(seconds(30 * 1000));
  const std::size_t attempts = count_of(scene.said(), "reconnect q");
  CHECK(attempts > 25);  // 1,000 intervals, one attempt in 20 of them
  CHECK(attempts < 75);
}

TEST_CASE("every failed member has its turn") {
  Scene scene;
  for (const char* name : {"p", "q", "r"}) {
    scene.join(name);
    scene.gone(name);
  }
  scene.said();
  scene.pass(seconds(30 * 100));
  const Lines said = scene.said();
  for (const char* line : {"reconnect p", "reconnect q", "reconnect r"}) {
    CHECK(count_of(said, line) > 10);
  }
}

TEST_CASE("an agent that leaves tries nobody") {
  Scene scene;
  scene.join("q");
  scene.gone("q");
  scene.cluster.begin_leave(scene.now, 0, scene.out);
  scene.said();
  scene.pass(minutes(5));
  CHECK(scene.said().empty());
}

TEST_CASE("pruning a failed member erases it at once") {
  Scene scene;
  scene.join("q");
  scene.gone("q");
  scene.said();
  scene.logged();
  CHECK(scene.receive_leave("q", 5, Prune::Yes) == Verdict::Taken);
  CHECK(scene.said() == Lines{"member-leave q (left)", "member-reap q (left)", "reaped q",
                              "intents << leave q 5 prune"});
  CHECK(scene.logged() == Lines{"debug serf: messageLeaveType: q",
                                "info serf: EventMemberLeave (forced): q 192.0.2.2",
                                "info serf: EventMemberReap (forced): q 192.0.2.2"});
  CHECK(scene.status("q") == "absent");
}

TEST_CASE("pruning a leaving member waits until it has had the time to leave") {
  Scene scene;
  scene.join("q");
  scene.receive_leave("q", 5, Prune::Yes);
  CHECK(scene.status("q") == "leaving 5");
  scene.gone("q");
  CHECK(scene.status("q") == "left 5");
  scene.said();
  scene.pass(seconds(6) - std::chrono::milliseconds(1));
  CHECK(scene.said().empty());
  scene.pass(std::chrono::milliseconds(1));
  CHECK(scene.said() == Lines{"member-reap q (left)", "reaped q"});
}

TEST_CASE("a member that refutes is not pruned") {
  Scene scene;
  scene.join("q");
  scene.receive_leave("q", 5, Prune::Yes);
  scene.receive_join("q", 6);
  scene.said();
  CHECK(scene.cluster.next_deadline() == std::nullopt);
  scene.pass(minutes(1));
  CHECK(scene.status("q") == "alive 6");
  CHECK(scene.said().empty());
}

TEST_CASE(
    "a member that is shown as leaving is told again while it is there, and then no timer is "
    "left") {
  Scene scene;
  scene.join("q");
  scene.receive_leave("q", 5);
  scene.said();
  scene.pass(seconds(6) - std::chrono::milliseconds(1));
  CHECK(scene.said().empty());
  scene.pass(std::chrono::milliseconds(1));
  CHECK(scene.said() == Lines{"intents << leave q 5"});
  scene.pass(seconds(30));
  CHECK(scene.said() == Lines{"intents << leave q 5"});
  scene.receive_join("q", 6);
  scene.said();
  CHECK(scene.cluster.next_deadline() == std::nullopt);
  scene.receive_leave("q", 7);
  scene.said();
  CHECK(scene.cluster.next_deadline() == scene.now + seconds(6));
  scene.gone("q");
  scene.said();
  scene.pass(minutes(10));
  CHECK(scene.said().empty());
}

TEST_CASE("nobody is reminded of our own leave, nor where false leaves may stand") {
  Scene scene;
  scene.cluster.begin_leave(scene.now, 0, scene.out);
  CHECK(scene.cluster.next_deadline() == std::nullopt);
  Config config;
  config.false_leave = FalseLeave::MayStand;
  Scene as_serf(config);
  as_serf.join("q");
  as_serf.receive_leave("q", 5);
  CHECK(as_serf.cluster.next_deadline() == std::nullopt);
}

TEST_CASE("a leaving member is not pruned while it is still up") {
  Scene scene;
  scene.join("q");
  scene.receive_leave("q", 5, Prune::Yes);
  scene.said();
  scene.pass(seconds(20));
  CHECK(scene.status("q") == "leaving 5");
  scene.gone("q");
  scene.pass(seconds(6));
  CHECK(scene.status("q") == "absent");
}

TEST_CASE("a member that joins again within the wait is not pruned later") {
  Scene scene;
  scene.join("q");
  scene.receive_leave("q", 5, Prune::Yes);
  scene.gone("q");
  scene.join("q");
  scene.receive_leave("q", 6);
  scene.gone("q");
  scene.pass(minutes(1));
  CHECK(scene.status("q") == "left 6");
}

TEST_CASE("we never erase ourselves") {
  Config config;
  config.timing.tombstone_timeout = minutes(1);
  Scene scene(config);
  scene.cluster.begin_leave(scene.now, 0, scene.out);
  scene.receive_leave("me", 9, Prune::Yes);
  scene.cluster.end_leave(scene.now, scene.out);
  scene.receive_leave("me", 10, Prune::Yes);
  scene.pass(hours(1));
  CHECK(scene.status("me") == "left 10");
}

}  // namespace
}  // namespace gossip::cluster
