// A Lamport time: the logical clock by which Serf orders intents, events and queries.
#pragma once

#include <cstdint>

namespace gossip {

using LamportTime = std::uint64_t;

}  // namespace gossip
