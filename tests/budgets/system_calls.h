// How often this program has asked the kernel for something, counted at the linker's doors (--wrap) to the calls by
// which an agent waits, reads and sends.
#pragma once

#include <cstdint>

namespace gossip::budgets {

struct SystemCalls {
  std::uint64_t waits = 0;    // epoll_wait, epoll_pwait
  std::uint64_t watches = 0;  // epoll_ctl
  std::uint64_t reads = 0;    // recvmmsg, recvmsg, read
  std::uint64_t writes = 0;   // sendmmsg, sendmsg, write
};

// Since the start; of all threads, of which a test here has one.
[[nodiscard]] const SystemCalls& system_calls();

}  // namespace gossip::budgets
