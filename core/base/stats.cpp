#include "gossip/stats.h"

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

}  // namespace

std::string_view to_string(Drop drop) {
  const auto index = static_cast<std::size_t>(drop);
  return index < kDropCount ? kDropNames[index] : "unknown";
}

}  // namespace gossip
