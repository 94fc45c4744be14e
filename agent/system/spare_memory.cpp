#include "agent/system/spare_memory.h"

#include <sys/resource.h>

#include <malloc.h>

namespace gossip::agent {

bool Leftovers::worth_returning(std::size_t free_bytes, std::uint64_t page_faults) {
  const bool was_touched = (page_faults - faults_then_) * kPageBytes >= kWorthwhile;
  const bool was_freed = free_bytes >= free_then_ + kWorthwhile;
  if (free_bytes < kWorthwhile || (!was_touched && !was_freed)) return false;
  faults_then_ = page_faults;
  free_then_ = free_bytes;
  return true;
}

Expected<void> SpareMemory::open(uv_loop_t* loop, runtime::HandleCount& count) {
  const auto init = [loop](uv_check_t* check) { return uv_check_init(loop, check); };
  if (check_.open(count, this, init) != 0) {
    return fail(ErrorCode::System, "cannot watch the event loop");
  }
  const auto awake = [](uv_check_t* check) {
    runtime::owner_of<SpareMemory>(check).look(uv_now(check->loop));
  };
  uv_check_start(check_.get(), awake);
  uv_unref(reinterpret_cast<uv_handle_t*>(check_.get()));
  looked_at_ms_ = uv_now(loop);
  return {};
}

void SpareMemory::look(std::uint64_t now_ms) {
  if (now_ms - looked_at_ms_ < kIntervalMs) return;
  looked_at_ms_ = now_ms;
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  if (leftovers_.worth_returning(mallinfo2().fordblks,
                                 static_cast<std::uint64_t>(used.ru_minflt))) {
    malloc_trim(0);
  }
}

// One loop thread does the work: other arenas would only hold memory for the threads that resolve names. Whatever is
// large is returned when it is freed: malloc would raise the limit to the largest block that it has seen, and keep the
// room of one push/pull of many members for the next one.
void keep_memory_small() {
  constexpr int kLarge = 128 * 1024;
  // NOLINTBEGIN(concurrency-mt-unsafe): before any thread starts
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, kLarge);
  mallopt(M_TRIM_THRESHOLD, kLarge);
  // NOLINTEND(concurrency-mt-unsafe)
}

}  // namespace gossip::agent
