// What a test may see of an engine besides its public views: both halves of every member's record. The simulator
// checks its invariants with it; no program of ours includes it.
#pragma once

#include "gossip/engine.h"

#include "members/table.h"

namespace gossip::engine {

class Inspection {
 public:
  // Valid until the engine's next input.
  [[nodiscard]] static const members::Table& members(const Engine& engine);
};

}  // namespace gossip::engine
