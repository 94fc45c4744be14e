// Durations as people write them for Serf: Go's notation, "300ms", "1.5s", "1m30s", "2h".
#pragma once

#include <string>
#include <string_view>

#include "gossip/error.h"
#include "gossip/time.h"

namespace gossip::base {

// Units ns us µs ms s m h; only 0 needs none. Fractions are cut at a nanosecond.
// Errors: InvalidArgument, also beyond ±292 years.
[[nodiscard]] Expected<Duration> parse_go_duration(std::string_view text);

// As Go prints them: "1.5s", "1m30s", "200ms", "0s".
[[nodiscard]] std::string format_go_duration(Duration duration);

}  // namespace gossip::base
