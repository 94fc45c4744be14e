// Gives back to the kernel what a burst has left behind: thousands of news that waited to be told leave a heap of free
// blocks between a few that stay, which malloc alone never returns. Looks when the loop is awake anyway, never wakes it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <uv.h>

#include "gossip/error.h"

#include "runtime/handle.h"

namespace gossip::agent {

// Whether returning what is free is worth the work: if it is much, and as much was touched or freed since the last time.
// What was returned counts as free still, and costs nothing until it is touched again.
class Leftovers {
 public:
  // Less is what ordinary work takes and leaves within a minute.
  static constexpr std::size_t kWorthwhile = std::size_t{64} * 1024;
  static constexpr std::size_t kPageBytes = 4096;

  // `free_bytes` of the heap, and the page faults of the process since it began.
  [[nodiscard]] bool worth_returning(std::size_t free_bytes, std::uint64_t page_faults);

 private:
  std::uint64_t faults_then_ = 0;
  std::size_t free_then_ = 0;
};

class SpareMemory {
 public:
  static constexpr std::uint64_t kIntervalMs = 60'000;

  [[nodiscard]] Expected<void> open(uv_loop_t* loop, runtime::HandleCount& count);
  void close() { check_.close(); }

 private:
  void look(std::uint64_t now_ms);

  runtime::Handle<uv_check_t> check_;
  std::uint64_t looked_at_ms_ = 0;
  Leftovers leftovers_;
};

// Before any other thread, and before anything large is allocated.
void keep_memory_small();

}  // namespace gossip::agent
