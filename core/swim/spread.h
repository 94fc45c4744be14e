// When a new broadcast leaves, and to how many: at first sight to E random members, the rest of its
// L transmissions on the gossip ticks (docs/serf-compatibility.md "Faster").
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gossip/time.h"

#include "base/token_bucket.h"

namespace gossip::swim {

// L for our own queues, for `n` nodes: from 10 on Serf's limit, but at least 12 copies (8 leave 3.4·10⁻⁴ per
// member untold until push/pull comes by); below, one for each other node and two for the ticks (Serf's 4
// leave 1.8 % untold of what nobody passes on).
[[nodiscard]] std::uint32_t spread_limit(std::uint32_t serf_limit, std::size_t n);

// E, how many of the `n` living members the first wave tells: all others below 10, then ⌈ln n⌉ + 2; at most
// L − 2, at least 1 if there is one.
[[nodiscard]] std::size_t eager_fanout(std::uint32_t limit, std::size_t n);

// How often the gossip ticks come where Serf's come once: as often as it takes to send all that is queued once, at
// `tick_bytes` a tick, so that the copies of a message stay a gossip interval apart; three peers every 200 ms stay
// below a megabit a second that way.
inline constexpr std::size_t kMaxHaste = 6;
[[nodiscard]] std::size_t tick_haste(std::size_t queued_bytes, std::size_t tick_bytes);

// What a broadcast says: that its subject lives, or is suspected or dead; Other has no subject.
enum class ClaimKind : std::uint8_t { Other, Alive, Accusation };

// Decides when an eager wave may go: the first message at once, further ones gathered for 5 ms, at most 200
// eager packets a second with bursts of 64, and at most one wave per 100 ms about one subject, apart for what accuses
// it and what clears it: a refutation must not wait for the rest after what it refutes. What it refuses waits for the
// tick. Knows nothing of messages.
class Spread {
 public:
  static constexpr Duration kGatherTime = std::chrono::milliseconds(5);
  static constexpr Duration kSubjectRest = std::chrono::milliseconds(100);
  static constexpr std::uint32_t kPacketsPerSecond = 200;
  static constexpr std::uint32_t kBurst = 64;

  // A broadcast was queued. Returns when its wave should leave (now, or the end of the gathering window);
  // nothing if it waits for the tick. Other claims (events, queries, intents) have no subject.
  [[nodiscard]] std::optional<TimePoint> wave_at(TimePoint now, ClaimKind kind,
                                                 std::string_view subject);

  // How many of `wanted` packets the token bucket lets go now; takes them from it.
  [[nodiscard]] std::size_t admit(TimePoint now, std::size_t wanted);

 private:
  // More subjects of a kind than this within kSubjectRest wait for the tick: the packets of a burst could not carry them.
  static constexpr std::size_t kMaxSubjects = 1024;

  // The last waves about each.
  struct Subjects {
    std::map<std::string, TimePoint, std::less<>> waves;
    TimePoint pruned_at;

    [[nodiscard]] bool may_go(TimePoint wave, std::string_view subject);
  };

  std::optional<TimePoint> last_wave_;  // may lie ahead: the wave that is being gathered
  base::TokenBucket packets_{kPacketsPerSecond, kBurst};
  Subjects alive_;
  Subjects accused_;
};

}  // namespace gossip::swim
