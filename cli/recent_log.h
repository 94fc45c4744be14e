// What an agent's kept log lines say about links and members: who did not answer, who was doubted, who doubted us, and what
// was dropped. The lines are Serf's and gossipd's own words, so that either agent can be read.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace gossip::cli {

// Of a member's name.
struct Doubts {
  std::uint32_t pings_lost = 0;   // of ours, sent directly
  std::uint32_t only_stream = 0;  // probes that TCP alone answered
  std::uint32_t suspected = 0;    // by us, since nothing answered
  std::uint32_t suspects_us = 0;  // as we contradicted
};

struct RecentLog {
  std::map<std::string, Doubts, std::less<>> members;
  // What an agent says of input from strangers: the line behind "dropped input from", to the times it stands there.
  std::map<std::string, std::uint32_t, std::less<>> dropped;
};

// Lines as `monitor` gives them, of the last ten minutes before the newest.
[[nodiscard]] RecentLog read_log(std::span<const std::string> lines);

}  // namespace gossip::cli
