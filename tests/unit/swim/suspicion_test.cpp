#include "swim/suspicion.h"

#include <doctest/doctest.h>

namespace gossip::swim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr SuspicionTimes kTimes{
    .expected_confirmations = 2, .shortest = seconds(4), .longest = seconds(24)};
constexpr TimePoint kBegun{seconds(100)};

TEST_CASE("a suspicion shrinks with each new confirmer") {
  Suspicion suspicion(kBegun, kTimes, "a");
  CHECK(suspicion.deadline() == kBegun + seconds(24));
  CHECK(suspicion.confirm(kBegun, "b"));
  CHECK(suspicion.confirmations() == 1);
  CHECK(suspicion.deadline() == kBegun + milliseconds(11'381));
  CHECK(suspicion.confirm(kBegun, "c"));
  CHECK(suspicion.deadline() == kBegun + seconds(4));
}

TEST_CASE("an accuser counts once, the first one not at all") {
  Suspicion suspicion(kBegun, kTimes, "a");
  CHECK_FALSE(suspicion.confirm(kBegun, "a"));
  CHECK(suspicion.confirm(kBegun, "b"));
  CHECK_FALSE(suspicion.confirm(kBegun, "b"));
  CHECK(suspicion.confirmations() == 1);
}

TEST_CASE("confirmations beyond the expected number are no news") {
  Suspicion suspicion(kBegun, kTimes, "a");
  CHECK(suspicion.confirm(kBegun, "b"));
  CHECK(suspicion.confirm(kBegun, "c"));
  CHECK_FALSE(suspicion.confirm(kBegun, "d"));
  CHECK(suspicion.confirmations() == 2);
}

TEST_CASE("a confirmation that comes late leaves a probe interval to refute, or ends it at once") {
  SuspicionRules rules{.mult = 4, .max_timeout_mult = 6, .probe_interval = seconds(1)};
  Suspicion suspicion(kBegun, suspicion_times(rules, 4), "a");
  CHECK(suspicion.confirm(kBegun + seconds(20), "b"));
  CHECK(suspicion.deadline() == kBegun + seconds(21));
  CHECK(suspicion.confirm(kBegun + milliseconds(20'500), "c"));
  CHECK(suspicion.deadline() == kBegun + seconds(21));

  rules.first_push = FirstPush::OnTick;
  Suspicion serfs(kBegun, suspicion_times(rules, 4), "a");
  CHECK(serfs.confirm(kBegun + seconds(20), "b"));
  CHECK(serfs.confirm(kBegun + seconds(20), "c"));
  CHECK(serfs.deadline() == kBegun + seconds(4));
}

TEST_CASE("a confirmation never makes a suspicion longer") {
  const SuspicionRules rules{.mult = 4, .max_timeout_mult = 6, .probe_interval = seconds(1)};
  Suspicion suspicion(kBegun, suspicion_times(rules, 4), "a");
  CHECK(suspicion.confirm(kBegun + milliseconds(23'900), "b"));
  CHECK(suspicion.deadline() == kBegun + seconds(24));
}

TEST_CASE("an early confirmation leaves what the formula says") {
  const SuspicionRules rules{.mult = 4, .max_timeout_mult = 6, .probe_interval = seconds(1)};
  Suspicion suspicion(kBegun, suspicion_times(rules, 4), "a");
  CHECK(suspicion.confirm(kBegun + seconds(1), "b"));
  CHECK(suspicion.confirm(kBegun + seconds(2), "c"));
  CHECK(suspicion.deadline() == kBegun + seconds(4));
}

TEST_CASE("where nobody can confirm, a suspicion lasts its shortest time") {
  const SuspicionRules lan{.mult = 4, .max_timeout_mult = 6, .probe_interval = seconds(1)};
  SuspicionTimes times = suspicion_times(lan, 3);
  CHECK(times.expected_confirmations == 0);
  Suspicion suspicion(kBegun, times, "a");
  CHECK_FALSE(suspicion.confirm(kBegun, "b"));
  CHECK(suspicion.deadline() == kBegun + seconds(4));
  CHECK(suspicion_times(lan, 4).expected_confirmations == 2);
}

TEST_CASE("unconfirmed, it lasts exactly the longest time") {
  const SuspicionRules lan{.mult = 4, .max_timeout_mult = 6, .probe_interval = seconds(1)};
  for (std::size_t n = 4; n < 2000; ++n) {
    SuspicionTimes times = suspicion_times(lan, n);
    REQUIRE(Suspicion(kBegun, times, "a").deadline() == kBegun + times.longest);
  }
}

}  // namespace
}  // namespace gossip::swim
