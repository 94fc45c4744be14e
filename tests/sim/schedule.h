// What goes wrong in a world, and when: drawn from its seed before it begins. And what users do meanwhile.
#pragma once

#include "gossip/time.h"

#include "sim/world.h"

namespace gossip::sim {

// Everybody starts within the first seconds; faults come and go until `scenario.length` is over. Clocks keep their
// drift for good.
void schedule_faults(World& world);
// Events, queries and changes of tags until `end`.
void schedule_workload(World& world, TimePoint end);
// The end of all faults: nothing is lost, cut, frozen, slow or full any more, seeds run, and so do most others.
void heal(World& world);

}  // namespace gossip::sim
