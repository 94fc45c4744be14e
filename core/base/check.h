// GOSSIP_CHECK: what must hold if our own code is right. It stays on in release builds and aborts, because a
// node that is wrong about itself must not go on telling others. Input is never checked with it.
#pragma once

namespace gossip::base {

// Writes the condition and its place to standard error, then aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace gossip::base

#define GOSSIP_CHECK(condition)                                     \
  do {                                                              \
    if (!(condition)) {                                             \
      ::gossip::base::check_failed(#condition, __FILE__, __LINE__); \
    }                                                               \
  } while (false)
