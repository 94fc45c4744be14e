// The system calls that change a file, as the code under test sees them (the linker's --wrap): counted, and one of
// them may be the last thing that the process does, a write with half of its bytes on the file.
#pragma once

#include <cstdint>

namespace gossip::failures {

[[nodiscard]] std::uint32_t file_call_count();
// SIGKILL in the call that makes the count `number`.
void die_in_file_call(std::uint32_t number);

}  // namespace gossip::failures
