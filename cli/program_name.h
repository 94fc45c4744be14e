// By which name gossipctl runs.
#pragma once

#include <cstdint>

namespace gossip::cli {

// As `serf`, scripts and units expect Serf's ways: its agent logs where Serf's does, a force-leave asks nothing first, an event
// may have no name.
enum class ProgramName : std::uint8_t { Gossipctl, Serf };

}  // namespace gossip::cli
