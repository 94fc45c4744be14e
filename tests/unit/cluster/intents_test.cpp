#include "cluster/intents.h"

#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "unit/cluster/scene.h"

namespace gossip::cluster {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr TimePoint kStart{seconds(1)};

TEST_CASE("the recent-intent buffer is bounded, and the entry written longest ago goes first") {
  RecentIntents intents;
  const std::size_t limit = RecentIntents::kSpareEntries + 2 * 3;
  for (std::size_t i = 0; i < limit; ++i) {
    CHECK(intents.upsert(kStart, "n" + std::to_string(i), {IntentKind::Join, 1}, 3));
  }
  CHECK(
      intents.upsert(kStart, "n0", {IntentKind::Leave, 2}, 3));  // written again: n1 is the oldest
  CHECK(intents.size() == limit);
  CHECK(intents.upsert(kStart, "one more", {IntentKind::Join, 1}, 3));
  CHECK(intents.size() == limit);
  CHECK(intents.find("n0")->time == 2);
  CHECK_FALSE(intents.find("n1"));
  CHECK(intents.find("n2"));
}

TEST_CASE("intents expire by the time at which they were last written") {
  RecentIntents intents;
  intents.upsert(kStart, "a", {IntentKind::Join, 1}, 0);
  intents.upsert(kStart + seconds(10), "b", {IntentKind::Join, 1}, 0);
  intents.upsert(kStart + seconds(20), "a", {IntentKind::Join, 2}, 0);
  CHECK(intents.oldest() == kStart + seconds(10));
  intents.expire(kStart + seconds(10));
  CHECK_FALSE(intents.find("b"));
  CHECK(intents.find("a"));
  intents.expire(kStart + seconds(20));
  CHECK(intents.oldest() == std::nullopt);
}

TEST_CASE("an intent about an unknown name is kept and passed on once") {
  Scene scene;
  CHECK(scene.receive_leave("x", 3) == Verdict::Taken);
  CHECK(scene.said() == Lines{"intents << leave x 3"});
  CHECK(scene.receive_leave("x", 3) == Verdict::Old);
  CHECK(scene.receive_join("x", 3) == Verdict::Old);
  CHECK(scene.receive_join("x", 4) == Verdict::Taken);
  CHECK(scene.said() == Lines{"intents << join x 4"});
}

TEST_CASE("a buffered leave intent makes a member that joins a leaving one, which is told so") {
  Scene scene;
  scene.receive_leave("x", 3);
  scene.said();
  scene.join("x");
  CHECK(scene.said() == Lines{"member-join x (leaving)", "intents << leave x 3"});
  CHECK(scene.status("x") == "leaving 3");
}

TEST_CASE("a buffered join intent gives its time to a member that joins") {
  Scene scene;
  scene.receive_join("x", 7);
  scene.join("x");
  CHECK(scene.status("x") == "alive 7");
}

TEST_CASE("intents are forgotten after the intent timeout, and then no timer is left") {
  Scene scene;
  CHECK(scene.cluster.next_deadline() == std::nullopt);
  scene.receive_leave("x", 3);
  scene.pass(minutes(5) - seconds(1));
  CHECK(scene.cluster.recent_intent("x"));
  scene.pass(seconds(1));
  CHECK_FALSE(scene.cluster.recent_intent("x"));
  CHECK(scene.cluster.next_deadline() == std::nullopt);
}

TEST_CASE("gossiped intents about unknown names are rate-limited, those of push/pulls are not") {
  Scene scene;
  const auto burst = static_cast<std::size_t>(RecentIntents::kGossipedBurst);
  for (std::size_t i = 0; i < burst; ++i)
    scene.receive_join("n" + std::to_string(i), 1);
  CHECK(scene.drops(Drop::RateLimited) == 0);
  scene.said();
  CHECK(scene.receive_join("x", 1) == Verdict::Old);
  CHECK(scene.drops(Drop::RateLimited) == 1);
  CHECK(scene.said().empty());
  CHECK_FALSE(scene.cluster.recent_intent("x"));

  wire::ClusterState state;
  state.status_times = {{"x", 5}};
  scene.merge(state);
  CHECK(scene.cluster.recent_intent("x"));

  scene.now += seconds(1);
  CHECK(scene.receive_join("y", 1) == Verdict::Taken);
}

TEST_CASE("an intent about a name that no member can have is dropped") {
  Scene scene;
  CHECK(scene.receive_join(std::string(kMaxNameBytes + 1, 'x'), 1) == Verdict::Old);
  CHECK(scene.drops(Drop::TooLarge) == 1);
  CHECK(scene.said().empty());
}

}  // namespace
}  // namespace gossip::cluster
