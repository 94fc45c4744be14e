// When to log what was dropped: each kind at most once in half a minute, with how many came meanwhile.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gossip/effects.h"
#include "gossip/stats.h"
#include "gossip/time.h"

namespace gossip::engine {

// Said of what is encrypted, where nothing can be.
inline constexpr std::string_view kNoKeyHere = "is encrypted, and this node has no encryption key";

class Complaints {
 public:
  static constexpr Duration kRest = std::chrono::seconds(30);

  // Whether the next of a kind will be logged.
  [[nodiscard]] bool is_due(TimePoint now, Drop why) const;
  // One more of a kind, from `source`; the line to log, if it is time for one. A wrong key or label is
  // a warning that says what to check, everything else is for debugging. `detail`, unless empty, stands instead of
  // what is said of the kind in general.
  [[nodiscard]] std::optional<Log> note(TimePoint now, Drop why, std::string_view source,
                                        std::string_view detail = {});

 private:
  struct Kind {
    std::optional<TimePoint> logged_at;
    std::uint64_t unsaid = 0;
  };
  std::array<Kind, static_cast<std::size_t>(Drop::Count)> kinds_{};
};

}  // namespace gossip::engine
