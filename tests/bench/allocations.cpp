#include "bench/allocations.h"

#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

// This file is what stands in for the allocator.
// NOLINTBEGIN(*-no-malloc, *-avoid-non-const-global-variables)
gossip::bench::Allocations so_far;

void* counted(void* block) {
  if (block == nullptr) std::abort();  // a measuring program has nothing to save
  ++so_far.count;
  so_far.live_bytes += static_cast<std::int64_t>(malloc_usable_size(block));
  return block;
}

void forget(void* block) noexcept {
  if (block != nullptr) so_far.live_bytes -= static_cast<std::int64_t>(malloc_usable_size(block));
  std::free(block);
}

std::size_t rounded(std::size_t size, std::align_val_t align) {
  const auto unit = static_cast<std::size_t>(align);
  return (size + unit - 1) / unit * unit;
}

}  // namespace

namespace gossip::bench {

Allocations allocations() {
  return so_far;
}

}  // namespace gossip::bench

void* operator new(std::size_t size) {
  return counted(std::malloc(size));
}
void* operator new(std::size_t size, std::align_val_t align) {
  return counted(std::aligned_alloc(static_cast<std::size_t>(align), rounded(size, align)));
}
void operator delete(void* block) noexcept {
  forget(block);
}
void operator delete(void* block, std::size_t /*size*/) noexcept {
  forget(block);
}
void operator delete(void* block, std::align_val_t /*align*/) noexcept {
  forget(block);
}
void operator delete(void* block, std::size_t /*size*/, std::align_val_t /*align*/) noexcept {
  forget(block);
}
// NOLINTEND(*-no-malloc, *-avoid-non-const-global-variables)
