// One world from its first start to the end: faults, healing, the wait until all is well again; and what of it is to be
// told.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gossip/time.h"

#include "sim/scenario.h"

namespace gossip::sim {

struct Broken {
  std::string promise;
  std::string violation;
  TimePoint at;
  std::uint64_t turn = 0;
};

struct Outcome {
  std::uint64_t turns = 0;
  std::uint64_t packets = 0;
  std::uint64_t packet_bytes = 0;
  std::uint64_t streams = 0;
  std::uint64_t trace_hash = 0;
  Duration length{};  // of virtual time
  // From the last fault until all views were equal, and until no event was missing; nothing if it did not come to that.
  std::optional<Duration> converged_after;
  std::optional<Duration> events_after;
  Duration bound{};
  std::optional<Broken> broken;
};

// What is said while it runs.
struct Commentary {
  // A turn and its effects, of those between `first_turn` and `last_turn`.
  std::function<void(std::string_view)> trace;
  std::uint64_t first_turn = 0;
  std::uint64_t last_turn = 0;
  // Now and then: how far it has come, and after how many turns.
  std::function<void(Duration, std::uint64_t)> progress;
};

[[nodiscard]] Outcome run(const Scenario& scenario, const Commentary& commentary = {});

}  // namespace gossip::sim
