// One member's suspicion (gossip-wire §7.5; Lifeguard §IV-B): how long it has left to refute. The more
// accusers, independent of each other, the shorter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/config.h"
#include "gossip/time.h"

namespace gossip::swim {

struct SuspicionTimes {
  std::uint32_t expected_confirmations = 0;  // with 0 it lasts `shortest`
  Duration shortest{};
  Duration longest{};
  // Left at least after a confirmation that would end it: members that were cut off at the same time push theirs to each
  // other the moment that they are back, and the refutation is behind by a round trip. None with Serf's way of spreading.
  Duration after_confirmation{};
};

// For a cluster of `n` nodes. Nobody is expected to confirm where too few could.
struct SuspicionRules {
  std::uint32_t mult = 0;
  std::uint32_t max_timeout_mult = 0;
  Duration probe_interval{};
  FirstPush first_push = FirstPush::Eager;
};
[[nodiscard]] SuspicionTimes suspicion_times(const SuspicionRules& rules, std::size_t n);

// Falls from `longest` to `shortest` with the logarithm of `confirmations`, in whole milliseconds rounded
// down, as upstream does (memberlist suspicion.go, remainingSuspicionTime).
[[nodiscard]] Duration suspicion_length(const SuspicionTimes& times, std::uint32_t confirmations);

class Suspicion {
 public:
  Suspicion(TimePoint since, const SuspicionTimes& times, std::string_view accuser);

  // Whether `accuser` is news: neither heard before nor beyond the number expected.
  [[nodiscard]] bool confirm(TimePoint now, std::string_view accuser);
  [[nodiscard]] std::uint32_t confirmations() const;
  // Those who count; the first one began it.
  [[nodiscard]] const std::vector<std::string>& accusers() const { return accusers_; }
  // When the member is to be declared dead: never later by a confirmation. With Serf's way of spreading it may have
  // passed after one.
  [[nodiscard]] TimePoint deadline() const { return deadline_; }

 private:
  TimePoint since_;
  TimePoint deadline_;
  SuspicionTimes times_;
  std::vector<std::string> accusers_;  // the first one confirms nothing
};

}  // namespace gossip::swim
