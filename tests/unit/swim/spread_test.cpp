#include "swim/spread.h"

#include <string>

#include <doctest/doctest.h>

#include "swim/scaling.h"

namespace gossip::swim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{seconds(100)};

TEST_CASE(
    "from ten members on at least twelve copies are sent, below one for each and two for the "
    "ticks") {
  CHECK(spread_limit(4, 0) == 4);
  CHECK(spread_limit(4, 2) == 4);
  CHECK(spread_limit(2, 2) == 3);
  CHECK(spread_limit(4, 4) == 5);
  CHECK(spread_limit(4, 9) == 10);
  CHECK(spread_limit(8, 10) == 12);
  CHECK(spread_limit(8, 99) == 12);
  CHECK(spread_limit(16, 1000) == 16);
}

TEST_CASE("ticks come as often as what is queued fills one, at most six times") {
  CHECK(tick_haste(0, 4200) == 1);
  CHECK(tick_haste(8399, 4200) == 1);
  CHECK(tick_haste(8400, 4200) == 2);
  CHECK(tick_haste(25'200, 4200) == 6);
  CHECK(tick_haste(1'000'000, 4200) == 6);
}

TEST_CASE("the eager wave leaves two copies for the ticks and never exceeds the others") {
  CHECK(eager_fanout(12, 50) == 6);
  CHECK(eager_fanout(12, 100) == 7);
  CHECK(eager_fanout(16, 1000) == 9);
  CHECK(eager_fanout(20, 10'000) == 12);
  CHECK(eager_fanout(6, 5) == 4);
  CHECK(eager_fanout(10, 9) == 8);
  CHECK(eager_fanout(4, 5) == 2);
  CHECK(eager_fanout(4, 2) == 1);
  CHECK(eager_fanout(2, 5) == 1);
  CHECK(eager_fanout(0, 5) == 1);
  CHECK(eager_fanout(12, 1) == 0);
  CHECK(eager_fanout(0, 0) == 0);
}

TEST_CASE("the first broadcast leaves at once, the next ones together 5 ms later") {
  Spread spread;
  CHECK(spread.wave_at(kStart, ClaimKind::Other, "") == kStart);
  CHECK(spread.wave_at(kStart, ClaimKind::Other, "") == kStart + milliseconds(5));
  CHECK(spread.wave_at(kStart + milliseconds(3), ClaimKind::Other, "") == kStart + milliseconds(5));
  CHECK(spread.wave_at(kStart + milliseconds(5), ClaimKind::Other, "") ==
        kStart + milliseconds(10));
  CHECK(spread.wave_at(kStart + milliseconds(15), ClaimKind::Other, "") ==
        kStart + milliseconds(15));
}

TEST_CASE("one member has one wave in 100 ms, others have theirs") {
  Spread spread;
  CHECK(spread.wave_at(kStart, ClaimKind::Accusation, "a") == kStart);
  CHECK_FALSE(spread.wave_at(kStart + milliseconds(50), ClaimKind::Accusation, "a").has_value());
  CHECK(spread.wave_at(kStart + milliseconds(50), ClaimKind::Accusation, "b") ==
        kStart + milliseconds(50));
  CHECK(spread.wave_at(kStart + milliseconds(100), ClaimKind::Accusation, "a") ==
        kStart + milliseconds(100));
  CHECK_FALSE(spread.wave_at(kStart + milliseconds(149), ClaimKind::Accusation, "b").has_value());
  CHECK(spread.wave_at(kStart + milliseconds(150), ClaimKind::Accusation, "b") ==
        kStart + milliseconds(150));
}

TEST_CASE("what clears a member does not wait for the rest after what accuses it") {
  Spread spread;
  CHECK(spread.wave_at(kStart, ClaimKind::Accusation, "a") == kStart);
  CHECK(spread.wave_at(kStart + milliseconds(10), ClaimKind::Alive, "a") ==
        kStart + milliseconds(10));
  CHECK_FALSE(spread.wave_at(kStart + milliseconds(20), ClaimKind::Accusation, "a").has_value());
  CHECK_FALSE(spread.wave_at(kStart + milliseconds(20), ClaimKind::Alive, "a").has_value());
  CHECK(spread.wave_at(kStart + milliseconds(110), ClaimKind::Alive, "a") ==
        kStart + milliseconds(110));
}

TEST_CASE("a broadcast that waits for the tick does not hold up the next one") {
  Spread spread;
  CHECK(spread.wave_at(kStart, ClaimKind::Accusation, "a") == kStart);
  CHECK_FALSE(spread.wave_at(kStart + milliseconds(6), ClaimKind::Accusation, "a").has_value());
  CHECK(spread.wave_at(kStart + milliseconds(6), ClaimKind::Accusation, "b") ==
        kStart + milliseconds(6));
}

TEST_CASE(
    "beyond 1024 members in 100 ms the rest waits for the tick, and is forgotten afterwards") {
  Spread spread;
  for (int i = 0; i < 1024; ++i) {
    REQUIRE(
        spread.wave_at(kStart, ClaimKind::Accusation, "member-" + std::to_string(i)).has_value());
  }
  CHECK_FALSE(spread.wave_at(kStart, ClaimKind::Accusation, "one too many").has_value());
  CHECK(spread.wave_at(kStart + milliseconds(250), ClaimKind::Accusation, "one too many")
            .has_value());
}

TEST_CASE("eager packets: 64 in a burst, 200 a second") {
  Spread spread;
  CHECK(spread.admit(kStart, 6) == 6);
  CHECK(spread.admit(kStart, 100) == 58);
  CHECK(spread.admit(kStart, 1) == 0);
  CHECK(spread.admit(kStart + milliseconds(100), 100) == 20);
  CHECK(spread.admit(kStart + seconds(10), 100) == 64);
}

}  // namespace
}  // namespace gossip::swim
