// What an agent's kept log lines say about links and members: who did not answer, who was doubted, who doubted us, and what
// was dropped. The lines are Serf's and gossipd's own words, so that either agent can be read.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gossip::cli {

// How often something was logged, and when. Ages count from the newest line; nothing where no line has a time.
struct Sightings {
  std::uint32_t count = 0;
  std::optional<std::chrono::seconds> first_ago = std::nullopt;
  std::optional<std::chrono::seconds> last_ago = std::nullopt;
};

// Of a member's name, as far as its present life is concerned: what was said before its last join is gone, but for `failed`.
struct Doubts {
  Sightings pings_lost;   // of ours, sent directly
  Sightings only_stream;  // probes that TCP alone answered
  Sightings suspected;    // by us, since nothing answered
  Sightings suspects_us;  // as we contradicted
  Sightings failed;
};

// Why input was dropped, as far as people can mend it.
enum class Mismatch : std::uint8_t { OtherKey, NoKeyHere, NotEncrypted, Label, Versions };

// Input from one host, of one kind: connections come from ever other ports.
struct DroppedInput {
  std::string from;  // "10.0.0.7", or "web-1 (10.0.0.7)"
  std::string why;   // in the agent's words, the last time
  Sightings reports;
};

struct RecentLog {
  std::map<std::string, Doubts, std::less<>> members;
  std::map<std::pair<std::string, Mismatch>, DroppedInput> dropped;  // by the host
};

// Lines as `monitor` gives them, of the last ten minutes before the newest.
[[nodiscard]] RecentLog read_log(std::span<const std::string> lines);

}  // namespace gossip::cli
