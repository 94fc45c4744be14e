#include "cluster/status.h"

#include <limits>

#include <doctest/doctest.h>

#include "unit/cluster/scene.h"

namespace gossip::cluster {
namespace {

constexpr LamportTime kLastTime = std::numeric_limits<LamportTime>::max();

TEST_CASE("a member that goes without a word has failed") {
  Scene scene;
  scene.join("q");
  CHECK(scene.said() == Lines{"member-join q (alive)"});
  CHECK(scene.logged() == Lines{"info serf: EventMemberJoin: q 192.0.2.2"});
  scene.gone("q");
  CHECK(scene.said() == Lines{"member-failed q (failed)"});
  CHECK(scene.logged() == Lines{"info serf: EventMemberFailed: q 192.0.2.2"});
  CHECK(scene.gauges().failed == 1);
  scene.gone("q");
  CHECK(scene.said().empty());
}

TEST_CASE("a member that says it leaves, and goes, has left") {
  Scene scene;
  scene.join("q");
  CHECK(scene.receive_leave("q", 5) == Verdict::Taken);
  CHECK(scene.status("q") == "leaving 5");
  scene.said();
  scene.logged();
  scene.gone("q");
  CHECK(scene.said() == Lines{"member-leave q (left)"});
  CHECK(scene.logged() == Lines{"info serf: EventMemberLeave: q 192.0.2.2"});
  CHECK(scene.gauges().left == 1);
}

TEST_CASE("a good-bye that overtakes the intent before it is a leave, too") {
  Scene scene;
  const members::Index q = scene.join("q");
  scene.said();
  scene.table.at(q).state = members::SwimState::Left;
  scene.cluster.node_gone(scene.now, q, scene.out);
  CHECK(scene.said() == Lines{"member-leave q (left)"});
  CHECK(scene.gauges().left == 1);
  CHECK(scene.receive_leave("q", 5) == Verdict::Taken);
  CHECK(scene.status("q") == "left 5");
  CHECK(scene.said() == Lines{"intents << leave q 5"});
}

TEST_CASE("a member that comes back is alive and keeps its status time") {
  Scene scene;
  scene.join("q");
  scene.receive_leave("q", 5);
  scene.gone("q");
  scene.said();
  scene.join("q");
  CHECK(scene.said() == Lines{"member-join q (alive)"});
  CHECK(scene.status("q") == "alive 5");
  CHECK(scene.gauges().left == 0);
  CHECK(scene.gauges().members == 2);
}

TEST_CASE("a member with new tags is announced, one that we do not hold is not") {
  Scene scene;
  const members::Index q = scene.join("q");
  scene.said();
  scene.logged();
  scene.table.at(q).meta = scene.table.intern("\xff\x81\xa1v\xa1\x32");
  scene.cluster.node_updated(q, scene.out);
  const auto& published = std::get<Published>(scene.out.back());
  CHECK(std::get<MemberEvent>(published.event).members.at(0).tags == Tags{{"v", "2"}});
  CHECK(scene.said() == Lines{"member-update q (alive)"});
  CHECK(scene.logged() == Lines{"info serf: EventMemberUpdate: q"});

  const members::Index stranger = scene.table.insert("stranger").value();
  scene.cluster.node_updated(stranger, scene.out);
  scene.cluster.node_gone(scene.now, stranger, scene.out);
  CHECK(scene.said().empty());
}

TEST_CASE("a later join intent takes a leaving member back without an event") {
  Scene scene;
  scene.join("q");
  scene.receive_leave("q", 5);
  scene.said();
  CHECK(scene.receive_join("q", 5) == Verdict::Old);
  CHECK(scene.status("q") == "leaving 5");
  CHECK(scene.receive_join("q", 6) == Verdict::Taken);
  CHECK(scene.status("q") == "alive 6");
  CHECK(scene.said() == Lines{"intents << join q 6"});
}

TEST_CASE("a leave intent turns a failed member into one that left, at once") {
  Scene scene;
  scene.join("q");
  scene.gone("q");
  scene.said();
  scene.logged();
  CHECK(scene.receive_leave("q", 5) == Verdict::Taken);
  CHECK(scene.said() == Lines{"member-leave q (left)", "intents << leave q 5"});
  CHECK(scene.logged() == Lines{"debug serf: messageLeaveType: q",
                                "info serf: EventMemberLeave (forced): q 192.0.2.2"});
}

TEST_CASE("each leave intent about a member that left is passed on once") {
  Scene scene;
  scene.join("q");
  scene.receive_leave("q", 5);
  scene.gone("q");
  scene.said();
  CHECK(scene.receive_leave("q", 6) == Verdict::Taken);
  CHECK(scene.receive_leave("q", 6) == Verdict::Old);
  CHECK(scene.said() == Lines{"intents << leave q 6"});
  CHECK(scene.status("q") == "left 6");
}

TEST_CASE("a leave intent in our own name is refuted with a later join intent") {
  Scene scene;
  CHECK(scene.receive_leave("me", 9) == Verdict::Old);
  CHECK(scene.said() == Lines{"intents << join me 10"});
  CHECK(scene.status("me") == "alive 10");
  CHECK(scene.gauges().member_time == 11);
  CHECK(scene.receive_leave("me", 9) == Verdict::Old);
  CHECK(scene.said().empty());
}

TEST_CASE("a push/pull that says we left is refuted, too") {
  Scene scene;
  wire::ClusterState state;
  state.member_time = 8;
  state.status_times = {{"me", 6}};
  state.left_members = {"me"};
  scene.merge(state);
  CHECK(scene.said() == Lines{"intents << join me 8"});
}

TEST_CASE("while we leave, a leave intent in our name is no mistake") {
  Scene scene;
  scene.cluster.begin_leave(scene.now, 0, scene.out);
  scene.said();
  CHECK(scene.receive_leave("me", 9) == Verdict::Taken);
  CHECK(scene.status("me") == "leaving 9");
}

TEST_CASE("an intent from the far future changes nothing") {
  Scene scene;
  scene.join("q");
  scene.said();
  CHECK(scene.receive_leave("q", kLastTime) == Verdict::Old);
  CHECK(scene.receive_join("x", LamportTime{1} << 63) == Verdict::Old);
  CHECK(scene.drops(Drop::Implausible) == 2);
  CHECK(scene.gauges().member_time == 1);
  CHECK(scene.status("q") == "alive 0");
  CHECK(scene.said().empty());
}

}  // namespace
}  // namespace gossip::cluster
