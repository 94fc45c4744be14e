// What must be true once the network is whole again: all that run see the same members, as they are, and by when.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/step.h"

namespace gossip::sim {

// All that one process believes.
struct View {
  HostId host = 0;
  std::vector<Row> rows;
};

// What differs first: a running member that somebody does not see alive, at its address and with its tags; one that
// is gone and is seen alive; or a status that two of them have differently.
[[nodiscard]] std::optional<std::string> difference(std::span<const View> views,
                                                    const Truth& truth);

// How long after the last fault it may take at most. Every host asks each of `seed_count` seeds that is no living
// member of its, one after the other, and begins anew after `seed_interval`.
struct Reunion {
  std::uint32_t host_count = 0;
  std::uint32_t seed_count = 0;
  Duration seed_interval{};
};
[[nodiscard]] Duration convergence_bound(const Timing& timing, const Reunion& reunion);
// How much longer it may take until no event is missing. Who was restarted counts the events of before as old and passes
// none of them on, so it may need a push/pull between two members that are not: they miss each other for so long
// with probability e^-20.
[[nodiscard]] Duration event_bound(const Timing& timing, std::uint32_t host_count);

}  // namespace gossip::sim
