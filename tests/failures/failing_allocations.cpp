#include "failures/failing_allocations.h"

#include <cstdlib>
#include <limits>
#include <new>

namespace {

// This file is what stands in for the allocator.
// NOLINTBEGIN(*-no-malloc, *-avoid-non-const-global-variables)
std::uint64_t count = 0;
std::uint64_t first_failure = std::numeric_limits<std::uint64_t>::max();

void* allocate(std::size_t size, std::size_t align) {
  ++count;
  const std::size_t rounded = (size + align - 1) / align * align;
  for (;;) {
    void* const block = count < first_failure ? std::aligned_alloc(align, rounded) : nullptr;
    if (block != nullptr) return block;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

}  // namespace

namespace gossip::failures {

std::uint64_t allocation_count() {
  return count;
}

void fail_allocations_from(std::uint64_t number) {
  first_failure = number;
}

}  // namespace gossip::failures

void* operator new(std::size_t size) {
  return allocate(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
}
void* operator new(std::size_t size, std::align_val_t align) {
  return allocate(size, static_cast<std::size_t>(align));
}
void operator delete(void* block) noexcept {
  std::free(block);
}
void operator delete(void* block, std::size_t /*size*/) noexcept {
  std::free(block);
}
void operator delete(void* block, std::align_val_t /*align*/) noexcept {
  std::free(block);
}
void operator delete(void* block, std::size_t /*size*/, std::align_val_t /*align*/) noexcept {
  std::free(block);
}
// NOLINTEND(*-no-malloc, *-avoid-non-const-global-variables)
