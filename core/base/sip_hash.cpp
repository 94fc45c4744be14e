#include "base/sip_hash.h"

#include <bit>
#include <cstring>

namespace gossip::base {
namespace {

struct State {
  std::uint64_t v0;
  std::uint64_t v1;
  std::uint64_t v2;
  std::uint64_t v3;

  void absorb(std::uint64_t word) {
    v3 ^= word;
    round();
    v0 ^= word;
  }

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
};

// Up to eight bytes.
std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t word = 0;
  if (bytes.empty()) return word;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, bytes.data(), bytes.size());
  } else {
    for (std::size_t i = 0; i < bytes.size(); ++i)
      word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return word;
}

}  // namespace

// The key's second half is the seed's complement.
std::uint64_t sip_hash(std::uint64_t seed, std::string_view text) {
  State state{seed ^ 0x736F6D6570736575, ~seed ^ 0x646F72616E646F6D, seed ^ 0x6C7967656E657261,
              ~seed ^ 0x7465646279746573};
  const std::size_t length = text.size();
  for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t)))
    state.absorb(little_endian(text.substr(0, sizeof(std::uint64_t))));
  state.absorb(little_endian(text) | std::uint64_t{length} << 56);
  state.v2 ^= 0xFF;
  for (int i = 0; i < 3; ++i)
    state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace gossip::base
