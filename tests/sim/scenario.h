// All that a world is made of besides its seed: how many nodes, which faults, for how long, and the settings of its
// engines. Either a person says it, or it is drawn from the seed.
#pragma once

#include <cstdint>
#include <string>

#include "gossip/config.h"
#include "gossip/time.h"

#include "sim/fault_set.h"

namespace gossip::sim {

inline constexpr std::uint32_t kMaxNodes = 20'000;
inline constexpr Duration kMaxLength = std::chrono::hours(24 * 30);

// Whether processes keep their members and clocks for the next run.
enum class Snapshots : std::uint8_t { Kept, None };

struct Scenario {
  std::uint64_t seed = 0;
  std::uint32_t nodes = 5;
  Duration length = std::chrono::minutes(10);  // of the time with faults
  FaultSet faults;
  bool is_drawn = false;  // from the seed alone, so that `gossip-sim replay SEED` makes it again

  // Settings of the engines.
  Config config;
  std::uint32_t serf_like = 0;  // so many of them follow Serf's rules instead (sim/serf_like.h)
  Snapshots snapshots = Snapshots::Kept;
  std::uint32_t seed_count = 2;  // hosts 0 … that everybody joins, again and again
  Duration event_every = std::chrono::seconds(5);  // on average, in the whole world; 0: never
  Duration query_every = std::chrono::seconds(20);
  Duration tags_every = std::chrono::seconds(60);
};

// What `gossip-sim replay SEED` and each world of a swarm are.
[[nodiscard]] Scenario draw_scenario(std::uint64_t seed);
// What `--nodes … --seed … --for … --faults …` ask for: settings of Serf's LAN profile.
[[nodiscard]] Scenario plain_scenario(std::uint64_t seed, std::uint32_t nodes, Duration length,
                                      FaultSet faults);
// The settings that differ from Serf's, as people read them: "event buffer 64, encrypted"; "" if none does.
[[nodiscard]] std::string describe_settings(const Scenario& scenario);
// The command that makes this world again.
[[nodiscard]] std::string command_for(const Scenario& scenario);

}  // namespace gossip::sim
