// The catalogue: every figure's name, kind and meaning in one table, which /metrics, `gossipctl stats` and
// docs/metrics.md follow. Names keep to Prometheus' conventions; no label has a member's name as its value, so that a
// cluster of any size costs the same number of series.
#pragma once

#include <vector>

#include "agent/metrics/figures.h"
#include "metrics/family.h"

namespace gossip::agent::metrics {

// In the order of the table; families without a sample are left out.
[[nodiscard]] std::vector<gossip::metrics::Family> families(const Figures& figures);

}  // namespace gossip::agent::metrics
