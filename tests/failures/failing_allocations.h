// operator new of this program, which can be told to find no memory at one allocation: what the C++ runtime does
// then (new.delete.single: the new-handler, or std::bad_alloc without one) happens here too.
#pragma once

#include <cstdint>

namespace gossip::failures {

// Since the start of the process. One thread only.
[[nodiscard]] std::uint64_t allocation_count();
// The allocation that makes the count `number` fails, and so do all that follow.
void fail_allocations_from(std::uint64_t number);

}  // namespace gossip::failures
