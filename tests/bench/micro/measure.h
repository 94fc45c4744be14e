// What every micro-benchmark prints beside its nanoseconds: allocations per operation.
#pragma once

#include <benchmark/benchmark.h>

#include "bench/allocations.h"

namespace gossip::bench {

// Runs `operation` as often as Google Benchmark wants.
template <typename Operation>
void measure(benchmark::State& state, Operation operation) {
  const std::uint64_t before = allocations().count;
  for (auto _ : state)
    operation();
  const std::uint64_t made = allocations().count - before;
  state.counters["allocs"] =
      benchmark::Counter(static_cast<double>(made), benchmark::Counter::kAvgIterations);
}

}  // namespace gossip::bench
