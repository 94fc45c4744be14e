#include "gossip/stats.h"

#include <algorithm>
#include <chrono>

namespace gossip {

namespace {

constexpr std::size_t kDropCount = static_cast<std::size_t>(Drop::Count);

// In the order of the enumeration.
constexpr std::array<std::string_view, kDropCount> kDropNames = {
    "empty",         "unknown-type", "malformed",    "truncated",       "wrong-label",
    "undecryptable", "plaintext",    "bad-checksum", "bad-compression", "too-deep",
    "too-large",     "bad-versions", "not-for-us",   "unknown-target",  "implausible",
    "rate-limited",  "table-full",   "stream-limit",
};

using std::chrono::microseconds;
using std::chrono::milliseconds;

// From two processes of one host to the far side of the earth, and up to a probe's whole interval.
constexpr std::array<Duration, RoundTripHistogram::kBoundCount> kBounds{
    microseconds(250), microseconds(500), milliseconds(1),   milliseconds(2500),
    milliseconds(5),   milliseconds(10),  milliseconds(25),  milliseconds(50),
    milliseconds(100), milliseconds(250), milliseconds(500), milliseconds(1000)};

}  // namespace

const std::array<Duration, RoundTripHistogram::kBoundCount>& RoundTripHistogram::bounds() {
  return kBounds;
}

void RoundTripHistogram::add(Duration round_trip) {
  const auto* const bound = std::lower_bound(kBounds.begin(), kBounds.end(), round_trip);
  ++counts[static_cast<std::size_t>(bound - kBounds.begin())];
  all.add(round_trip);
}

std::string_view to_string(Drop drop) {
  const auto index = static_cast<std::size_t>(drop);
  return index < kDropCount ? kDropNames[index] : "unknown";
}

}  // namespace gossip
