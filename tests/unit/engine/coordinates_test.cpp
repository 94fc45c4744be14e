#include "engine/coordinates.h"

#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "wire/cluster_codec.h"

namespace gossip::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr members::Index kPeer = 3;

struct Place {
  explicit Place(gossip::Coordinates mode = gossip::Coordinates::On)
      : coordinates(mode, Seed{1}, counters) {}
  std::optional<Drop> learn(const Coordinate& theirs, Duration round_trip = milliseconds(4)) {
    return coordinates.learn(kPeer, round_trip, wire::encode_ack_payload(theirs));
  }
  Counters counters;
  Coordinates coordinates;
};

Coordinate at(double first) {
  Coordinate coordinate;
  coordinate.vec[0] = first;
  return coordinate;
}

TEST_CASE("an answer tells where the member is, and moves us") {
  Place place;
  CHECK(place.coordinates.own() == Coordinate{});
  CHECK_FALSE(place.coordinates.of(kPeer));
  CHECK_FALSE(place.learn(at(0.002)));
  CHECK(place.coordinates.of(kPeer) == at(0.002));
  CHECK_FALSE(place.coordinates.of(kPeer - 1));
  CHECK_FALSE(place.coordinates.of(kPeer + 1));
  const std::optional<Coordinate> own = place.coordinates.own();
  REQUIRE(own);
  CHECK_FALSE(*own == Coordinate{});
  CHECK(wire::decode_ack_payload(place.coordinates.ack_payload()) == own);
  CHECK(place.counters.coordinates_refused == 0);
}

TEST_CASE("a member that is gone leaves nothing, not even for the next one at its index") {
  Place place;
  CHECK_FALSE(place.learn(at(0.002), milliseconds(900)));
  CHECK_FALSE(place.learn(at(0.002), milliseconds(900)));
  place.coordinates.forget(kPeer);
  CHECK_FALSE(place.coordinates.of(kPeer));
  place.coordinates.forget(kPeer + 1);  // nobody's

  // Two of 900 ms would outvote the new member's first round trip.
  const Coordinate before = place.coordinates.own().value();
  CHECK_FALSE(place.learn(before, milliseconds(1)));
  const Coordinate after = place.coordinates.own().value();
  CHECK(estimated_round_trip(before, after) < milliseconds(200));
}

TEST_CASE("coordinates that no honest member can have are counted and change nothing") {
  const auto with = [](auto change) {
    Coordinate coordinate = at(0.002);
    change(coordinate);
    return coordinate;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  struct Case {
    Coordinate coordinate;
    Drop why;
  };
  const std::vector<Case> cases{
      {with([&](Coordinate& c) { c.vec[3] = nan; }), Drop::Malformed},
      {with([&](Coordinate& c) { c.height = infinity; }), Drop::Malformed},
      {with([&](Coordinate& c) { c.error = -0.01; }), Drop::Implausible},
      {with([&](Coordinate& c) { c.error = 1.51; }), Drop::Implausible},
      {with([&](Coordinate& c) { c.height = -0.001; }), Drop::Implausible},
      {with([&](Coordinate& c) { c.height = 10.1; }), Drop::Implausible},
      {with([&](Coordinate& c) { c.adjustment = -10.1; }), Drop::Implausible},
      {with([&](Coordinate& c) { c.adjustment = 10.1; }), Drop::Implausible},
      {with([&](Coordinate& c) { c.vec[7] = -10.1; }), Drop::Implausible},
      {with([&](Coordinate& c) { c.vec = {4, 4, 4, 4, 4, 4, 4, 4}; }), Drop::Implausible},
      {with([&](Coordinate& c) { c.vec[0] = std::numeric_limits<double>::max(); }),
       Drop::Implausible},
  };
  Place place;
  CHECK_FALSE(place.learn(at(0.004)));
  const std::optional<Coordinate> own = place.coordinates.own();
  for (const Case& bad : cases)
    CHECK(place.learn(bad.coordinate) == bad.why);
  CHECK(place.coordinates.of(kPeer) == at(0.004));
  CHECK(place.coordinates.own() == own);
  CHECK(place.counters.coordinates_refused == cases.size());
  CHECK(place.counters.coordinate_resets == 0);
}

TEST_CASE("what only just could be true is taken") {
  Place place;
  CHECK_FALSE(place.learn(Coordinate{.error = 0, .adjustment = -10, .height = 10}));
  CHECK_FALSE(place.learn(at(-9.9)));
  CHECK_FALSE(place.learn(at(9.9), seconds(10)));
  CHECK(place.learn(at(9.9), seconds(10) + Duration(1)) == Drop::Implausible);
}

TEST_CASE("a payload that is no coordinate is counted; none at all is what a relayed ack has") {
  Place place;
  const Bytes other_version{2, 0x80};
  CHECK(place.coordinates.learn(kPeer, milliseconds(1), other_version) == Drop::Malformed);
  Bytes cut = wire::encode_ack_payload(Coordinate{});
  cut.pop_back();
  CHECK(place.coordinates.learn(kPeer, milliseconds(1), cut) == Drop::Malformed);
  CHECK(place.counters.coordinates_refused == 2);
  CHECK_FALSE(place.coordinates.learn(kPeer, milliseconds(1), {}));
  CHECK(place.counters.coordinates_refused == 2);
  CHECK_FALSE(place.coordinates.of(kPeer));
}

TEST_CASE("switched off, none is told, learnt or known") {
  Place place(gossip::Coordinates::Off);
  CHECK_FALSE(place.learn(at(0.002)));
  CHECK_FALSE(place.coordinates.of(kPeer));
  CHECK_FALSE(place.coordinates.own());
  CHECK(place.coordinates.ack_payload().empty());
  CHECK_FALSE(place.coordinates.is_on());
}

}  // namespace
}  // namespace gossip::engine
