#include "base/out_of_memory.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace gossip::base {
namespace {

// Standard error has no buffer, so this takes no memory.
[[noreturn]] void out_of_memory() {
  std::fprintf(stderr, "%s: out of memory\n", program_invocation_short_name);
  std::abort();
}

}  // namespace

void abort_when_out_of_memory() {
  std::set_new_handler(out_of_memory);
}

}  // namespace gossip::base
