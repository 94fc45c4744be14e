// A model of upstream: our engine under memberlist's and Serf's rules. News waits for a tick of 200 ms, which tells three
// members in a packet each, as often as Serf's retransmit limit says; suspicions and push/pulls are Serf's anyway. It
// reproduces the event latency of real agents (docs/experiments/convergence.md). One fault is left out: a false leave that
// stands for ever (FalseLeave::MayStand) would break the promise of equal views in nearly every world with leaves.
#pragma once

#include <cstdint>

#include "gossip/config.h"

#include "sim/step.h"

namespace gossip::sim {

void make_serf_like(Config& config);
// Whether `host` is one of the `count` among `nodes` that follow Serf's rules; they are spread evenly, the last host
// is the first to be one.
[[nodiscard]] bool is_serf_like(HostId host, std::uint32_t count, std::uint32_t nodes);

}  // namespace gossip::sim
