#include "cluster/user_events.h"

#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "unit/cluster/scene.h"

namespace gossip::cluster {
namespace {

TEST_CASE("a user event is delivered and passed on with its own bytes, once") {
  Scene scene;
  Bytes message = wire::encode(wire::UserEventMessage{3, "deploy", as_bytes("v2"), true});
  // An unknown field, as a later Serf might add: 85 … "New" nil.
  message[1] = 0x85;
  const Bytes field{0xa3, 'N', 'e', 'w', 0xc0};
  message.insert(message.end(), field.begin(), field.end());
  CHECK(scene.receive(message) == Verdict::Taken);
  CHECK(std::get<Broadcast>(scene.out.back()).message == message);
  CHECK(scene.said() == Lines{"user deploy:v2 3 coalesce", "events << event deploy 3"});
  CHECK(scene.receive(message) == Verdict::Old);
  CHECK(scene.said().empty());
  CHECK(scene.gauges().event_time == 4);
}

TEST_CASE("an event from before our join is not delivered when old ones are ignored") {
  wire::ClusterState state;
  state.event_time = 10;
  wire::EventSlot slot;
  slot.time = 9;
  slot.events.push_back({"old", as_bytes("")});
  state.events = {std::nullopt, slot};

  Scene ignoring;
  ignoring.merge(state, MergeKind::JoinIgnoringOld);
  CHECK(ignoring.said().empty());
  CHECK(ignoring.receive_event("late", 9) == Verdict::Old);
  CHECK(ignoring.receive_event("new", 10) == Verdict::Taken);

  Scene replaying;
  replaying.merge(state, MergeKind::JoinReplaying);
  CHECK(replaying.said() == Lines{"user old: 9"});

  Scene synced;
  synced.merge(state, MergeKind::Sync);
  CHECK(synced.said() == Lines{"user old: 9"});
}

TEST_CASE("a push/pull with an absurd event clock does not silence later events") {
  Scene scene;
  wire::ClusterState state;
  state.event_time = std::numeric_limits<LamportTime>::max();
  scene.merge(state, MergeKind::JoinIgnoringOld);
  CHECK(scene.drops(Drop::Implausible) == 1);
  CHECK(scene.gauges().event_time == 1);
  CHECK(scene.receive_event("new", 1) == Verdict::Taken);
}

TEST_CASE("an event from the far future changes nothing") {
  Scene scene;
  CHECK(scene.receive_event("x", LamportTime{1} << 63) == Verdict::Old);
  CHECK(scene.drops(Drop::Implausible) == 1);
  CHECK(scene.gauges().event_time == 1);
  CHECK(scene.said().empty());
}

TEST_CASE("an event above any sender's limit is dropped") {
  Scene scene;
  CHECK(scene.receive_event("x", 1, std::string(kMaxUserEventBytes - 1, 'p')) == Verdict::Taken);
  CHECK(scene.receive_event("x", 1, std::string(kMaxUserEventBytes, 'p')) == Verdict::Old);
  CHECK(scene.drops(Drop::TooLarge) == 1);
}

TEST_CASE("a slot of the event ring takes a bounded number of events") {
  Scene scene;
  for (std::size_t i = 0; i < wire::kMaxEventsPerSlot; ++i) {
    CHECK(scene.receive_event("e" + std::to_string(i), 2) == Verdict::Taken);
  }
  scene.said();
  CHECK(scene.receive_event("one more", 2) == Verdict::Old);
  CHECK(scene.drops(Drop::TableFull) == 1);
  CHECK(scene.said().empty());
}

TEST_CASE("a full event ring gives up its oldest slot, and its events do not come back") {
  UserEvents events(512);
  const std::string payload(9000, 'p');
  LamportTime time = 0;
  std::size_t recorded = 0;
  // One event per slot fits; 512 slots of 9,000 bytes do not.
  for (; recorded < 512; ++recorded) {
    ++time;
    const UserEvents::Outcome outcome =
        events.record(time + 1, {time, "e", as_bytes(payload), false});
    REQUIRE(outcome == UserEvents::Outcome::New);
  }
  std::size_t held = 0;
  for (const auto& slot : events.slots()) {
    if (slot) held += slot->events.size();
  }
  CHECK(held == UserEvents::kMaxRingBytes / (9000 + 1 + 64));
  CHECK(events.record(time + 1, {2, "e", as_bytes(payload), false}) == UserEvents::Outcome::Old);
  CHECK(events.record(time + 1, {2, "another", {}, false}) == UserEvents::Outcome::Old);
}

TEST_CASE("an older event takes a newer one's slot if the ring still reaches it") {
  UserEvents events(4);
  CHECK(events.record(8, {7, "h", {}, false}) == UserEvents::Outcome::New);
  CHECK(events.record(8, {3, "i", {}, false}) == UserEvents::Outcome::Old);
  CHECK(events.record(7, {3, "i", {}, false}) == UserEvents::Outcome::New);
  CHECK(events.slots().at(3)->time == 3);
}

}  // namespace
}  // namespace gossip::cluster
