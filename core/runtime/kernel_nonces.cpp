#include "runtime/kernel_nonces.h"

#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <span>

#include <sys/random.h>

#include "base/check.h"

namespace gossip::runtime {

namespace {

// A kernel without getrandom(2) is the only way to fail; sealing with anything less would be worse than to end.
void fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
    GOSSIP_CHECK(got > 0 || errno == EINTR);
    if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace

Nonce KernelNonces::next() {
  Nonce nonce{};
  fill(nonce);
  return nonce;
}

Seed kernel_seed() {
  Seed seed{};
  fill(seed);
  return seed;
}

std::uint64_t kernel_hash_seed() {
  std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
  fill(bytes);
  return std::bit_cast<std::uint64_t>(bytes);
}

}  // namespace gossip::runtime
