#include "cluster/cluster.h"

#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "unit/cluster/scene.h"

namespace gossip::cluster {
namespace {

TEST_CASE("our own join is published like anybody's") {
  Config config;
  config.node_name = "me";
  base::TextPool texts;
  members::Table table(texts, 10, 1);
  base::Rng rng({});
  Counters counters;
  Cluster cluster(config, LocalAddress{}, table, rng, counters);
  Outputs out;
  const members::Index me = table.insert("me").value();
  cluster.node_joined(TimePoint{}, me, out);
  REQUIRE(out.size() == 2);
  CHECK(show(out[1], table) == "member-join me (alive)");
}

TEST_CASE("a join is announced with the member clock's time") {
  Scene scene;
  scene.receive_join("q", 4);
  scene.said();
  scene.cluster.announce_join(scene.out);
  CHECK(scene.said() == Lines{"intents << join me 5"});
  CHECK(scene.status("me") == "alive 5");
  CHECK(scene.gauges().member_time == 6);
}

TEST_CASE("a leave is told to the others, and ends with our own member-leave") {
  Scene scene;
  scene.join("q");
  scene.said();
  CHECK(scene.cluster.begin_leave(scene.now, 42, scene.out));
  CHECK(scene.said() == Lines{"intents << leave me 1 ticket 42"});
  CHECK(scene.status("me") == "leaving 1");
  scene.cluster.end_leave(scene.now, scene.out);
  CHECK(scene.said() == Lines{"member-leave me (left)"});
  scene.cluster.end_leave(scene.now, scene.out);
  CHECK(scene.said().empty());
}

TEST_CASE("a leave that swim has completed is not told twice") {
  Scene scene;
  scene.cluster.begin_leave(scene.now, 42, scene.out);
  scene.gone("me");
  scene.cluster.end_leave(scene.now, scene.out);
  CHECK(scene.said() == Lines{"member-leave me (left)"});
}

TEST_CASE("who leaves a cluster without another living member need not tell") {
  Scene scene;
  scene.join("q");
  scene.gone("q");
  scene.said();
  CHECK_FALSE(scene.cluster.begin_leave(scene.now, 42, scene.out));
  CHECK(scene.said().empty());
  CHECK(scene.status("me") == "leaving 1");
}

TEST_CASE("force-leave makes a failed member one that left") {
  Scene scene;
  scene.join("p");
  scene.join("q");
  scene.gone("q");
  scene.said();
  scene.cluster.force_leave(scene.now, "q", Prune::No, scene.out);
  CHECK(scene.said() == Lines{"member-leave q (left)", "intents << leave q 1"});
  CHECK(scene.gauges().member_time == 2);
}

TEST_CASE("force-leave of the only other member reaches it, so that it can refute") {
  Scene scene;
  scene.join("q");
  scene.said();
  scene.cluster.force_leave(scene.now, "q", Prune::No, scene.out);
  CHECK(scene.said() == Lines{"intents << leave q 1"});
  CHECK(scene.status("q") == "leaving 1");
  scene.receive_join("q", 2);
  CHECK(scene.status("q") == "alive 2");
}

TEST_CASE("force-leave of an unknown name is remembered and told") {
  Scene scene;
  scene.join("q");
  scene.said();
  scene.cluster.force_leave(scene.now, "x", Prune::Yes, scene.out);
  CHECK(scene.said() == Lines{"intents << leave x 1 prune"});
  CHECK(scene.cluster.recent_intent("x")->kind == IntentKind::Leave);
}

TEST_CASE("force-leave with nobody to hear it stays here") {
  Scene scene;
  scene.join("q");
  scene.gone("q");
  scene.said();
  scene.cluster.force_leave(scene.now, "q", Prune::No, scene.out);
  CHECK(scene.said() == Lines{"member-leave q (left)"});
}

TEST_CASE("force-leave of ourselves is refuted before the others hear it") {
  Scene scene;
  scene.join("q");
  scene.receive_join("q", 4);
  scene.said();
  scene.cluster.force_leave(scene.now, "me", Prune::No, scene.out);
  CHECK(scene.said() == Lines{"intents << join me 6", "intents << leave me 5"});
  CHECK(scene.status("me") == "alive 6");
}

TEST_CASE("our state holds clocks, status times, members that left and the event ring") {
  Config config;
  config.event_buffer = 8;
  Scene scene(config);
  scene.join("p");
  scene.receive_join("p", 3);
  scene.join("q");
  scene.receive_leave("q", 5);
  scene.gone("q");
  scene.receive_event("deploy", 10, "v2");
  scene.receive_event("deploy", 10, "v3");
  REQUIRE(scene.table.insert("node without status"));

  const Bytes bytes = scene.cluster.local_state();
  REQUIRE(bytes.at(0) == 2);
  const auto state = wire::decode_cluster_state(ByteView(bytes).subspan(1));
  REQUIRE(state);
  CHECK(state->member_time == 6);
  CHECK(state->event_time == 11);
  CHECK(state->query_time == 1);
  using Row = std::pair<std::string_view, LamportTime>;
  CHECK(state->status_times == std::vector<Row>{{"me", 0}, {"p", 3}, {"q", 5}});
  CHECK(state->left_members == std::vector<std::string_view>{"q"});
  REQUIRE(state->events.size() == 8);
  for (std::size_t place = 0; place < 8; ++place) {
    CHECK(state->events[place].has_value() == (place == 2));
  }
  CHECK(state->events[2]->time == 10);
  REQUIRE(state->events[2]->events.size() == 2);
  CHECK(state->events[2]->events[1].name == "deploy");
  CHECK(as_text(state->events[2]->events[1].payload) == "v3");
}

TEST_CASE(
    "a push/pull brings clocks, departures before joins, and events; only the leave of a living "
    "member is passed on") {
  Scene scene;
  scene.join("p");
  scene.join("q");
  scene.join("r");
  scene.gone("r");
  scene.said();
  wire::ClusterState state;
  state.member_time = 20;
  state.event_time = 30;
  state.query_time = 40;
  state.status_times = {{"p", 7}, {"q", 8}, {"r", 9}, {"s", 10}};
  state.left_members = {"q", "r", "t"};
  wire::EventSlot slot;
  slot.time = 25;
  slot.events.push_back({"deploy", as_bytes("v2")});
  state.events = {slot, std::nullopt};
  CHECK(scene.merge(state) == Verdict::Taken);
  CHECK(scene.said() ==
        Lines{"intents << leave q 9", "member-leave r (left)", "user deploy:v2 25"});
  CHECK(scene.status("p") == "alive 7");
  CHECK(scene.status("q") == "leaving 9");
  CHECK(scene.status("r") == "left 10");
  CHECK(scene.cluster.recent_intent("s")->time == 10);
  CHECK(scene.cluster.recent_intent("t")->time == 1);  // no status time told: 0 + 1
  CHECK(scene.gauges().member_time == 20);
  CHECK(scene.gauges().event_time == 30);
  CHECK(scene.gauges().query_time == 40);
}

TEST_CASE(
    "a leave in our name is refuted, also if a push/pull has told its time before, as it tells "
    "joins") {
  Scene scene;
  scene.join("q");
  wire::ClusterState state;
  state.member_time = 60;
  state.status_times = {{"me", 50}};
  scene.merge(state);
  scene.said();
  CHECK(scene.receive_leave("me", 50) == Verdict::Old);
  CHECK(scene.said() == Lines{"intents << join me 60"});
  CHECK(scene.receive_leave("me", 50) == Verdict::Old);
  CHECK(scene.said().empty());
}

TEST_CASE("a leave in our name of the same time as our join is refuted, an earlier one is not") {
  Scene scene;
  scene.receive_join("q", 9);
  scene.cluster.announce_join(scene.out);
  scene.said();
  scene.receive_leave("me", 9);
  CHECK(scene.said().empty());
  scene.receive_leave("me", 10);
  CHECK(scene.said() == Lines{"intents << join me 11"});
  scene.receive_leave("me", 10);
  CHECK(scene.said().empty());
}

TEST_CASE("a living member that a push/pull makes leaving hears of it, so that it can refute") {
  Scene scene;
  scene.join("q");
  scene.join("r");
  scene.gone("r");
  scene.said();
  wire::ClusterState state;
  state.member_time = 60;
  state.status_times = {{"q", 50}, {"r", 50}};
  state.left_members = {"q", "r"};
  scene.merge(state);
  CHECK(scene.said() == Lines{"intents << leave q 51", "member-leave r (left)"});
  CHECK(scene.status("q") == "leaving 51");
}

TEST_CASE("absurd times in a push/pull are skipped, the rest of it counts") {
  Scene scene;
  scene.join("p");
  scene.join("q");
  scene.said();
  wire::ClusterState state;
  state.member_time = std::numeric_limits<LamportTime>::max();
  state.status_times = {{"p", std::numeric_limits<LamportTime>::max()}, {"q", 8}};
  state.left_members = {"p"};
  CHECK(scene.merge(state) == Verdict::Taken);
  CHECK(scene.drops(Drop::Implausible) == 2);
  CHECK(scene.status("p") == "alive 0");
  CHECK(scene.status("q") == "alive 8");
  CHECK(scene.gauges().member_time == 9);
}

TEST_CASE("what is no push/pull state is refused") {
  Scene scene;
  CHECK(scene.cluster.merge_state(scene.now, {}, MergeKind::Sync, scene.out) == Verdict::Malformed);
  const Bytes join = wire::encode(wire::JoinIntent{5, "x"});
  CHECK(scene.cluster.merge_state(scene.now, join, MergeKind::Sync, scene.out) == Verdict::Unknown);
  const Bytes damaged{2, 0x81, 0xa5, 'L'};
  CHECK(scene.cluster.merge_state(scene.now, damaged, MergeKind::Sync, scene.out) ==
        Verdict::Malformed);
  CHECK(scene.gauges().member_time == 1);
}

TEST_CASE("messages that are none are refused and not passed on") {
  Scene scene;
  CHECK(scene.receive({}) == Verdict::Malformed);
  for (const std::uint8_t type : Bytes{2, 6, 7, 8, 10, 255}) {
    CHECK(scene.receive({type, 0x80}) == Verdict::Unknown);
  }
  for (const std::uint8_t type : Bytes{0, 1, 3, 4, 5, 9}) {
    CHECK(scene.receive({type, 0xc1}) == Verdict::Malformed);
  }
  CHECK(scene.said().empty());
}

}  // namespace
}  // namespace gossip::cluster
