// What a person, or a program, is told of the worlds that ran.
#pragma once

#include <cstdint>
#include <string>

#include "sim/run.h"

namespace gossip::sim {

enum class Format : std::uint8_t { Text, Json };

// How a world went, in lines.
[[nodiscard]] std::string report(const Scenario& scenario, const Outcome& outcome, Format format);

// Many worlds together.
struct Tally {
  std::uint64_t worlds = 0;
  std::uint64_t first_seed = 0;
  std::uint64_t turns = 0;
  Duration length{};   // virtual
  Duration slowest{};  // convergence, and where
  std::uint64_t slowest_seed = 0;
  double nearest_bound = 0;  // the largest share of its bound that a world took
  std::uint64_t nearest_seed = 0;

  void add(const Scenario& scenario, const Outcome& outcome);
};
[[nodiscard]] std::string report(const Tally& tally, Format format);

// "1h2m3.4s", without more digits than say anything.
[[nodiscard]] std::string round_time(Duration duration);

}  // namespace gossip::sim
