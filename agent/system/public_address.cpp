#include "agent/system/public_address.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace gossip::agent {
namespace {

struct Block {
  std::array<std::uint8_t, 4> network;  // the first bytes; no block here needs more
  unsigned bits;
};

// The Special-Purpose Address Registries of IANA (RFC 6890, tables 1 to 16).
constexpr std::array<Block, 14> kReservedV4 = {{{{0, 0, 0, 0}, 8},
                                                {{10, 0, 0, 0}, 8},
                                                {{100, 64, 0, 0}, 10},
                                                {{127, 0, 0, 0}, 8},
                                                {{169, 254, 0, 0}, 16},
                                                {{172, 16, 0, 0}, 12},
                                                {{192, 0, 0, 0}, 24},
                                                {{192, 0, 2, 0}, 24},
                                                {{192, 88, 99, 0}, 24},
                                                {{192, 168, 0, 0}, 16},
                                                {{198, 18, 0, 0}, 15},
                                                {{198, 51, 100, 0}, 24},
                                                {{203, 0, 113, 0}, 24},
                                                {{240, 0, 0, 0}, 4}}};
// All of IPv6 that is in use is in 2000::/3; what of that is set aside (tables 17 to 28).
constexpr Block kUnicastV6 = {{0x20, 0, 0, 0}, 3};
constexpr std::array<Block, 3> kReservedV6 = {
    {{{0x20, 0x01, 0, 0}, 23}, {{0x20, 0x01, 0x0d, 0xb8}, 32}, {{0x20, 0x02, 0, 0}, 16}}};

bool is_in(ByteView bytes, const Block& block) {
  for (unsigned i = 0; i < block.network.size() && i * 8 < block.bits; ++i) {
    const unsigned here = std::min(block.bits - i * 8, 8U);
    if (((bytes[i] ^ block.network[i]) >> (8 - here)) != 0) return false;
  }
  return true;
}

}  // namespace

bool is_public(const IpAddress& ip) {
  if (!ip.is_set()) return false;
  const IpAddress shortest = ip.shortest();
  const ByteView bytes = shortest.bytes();
  const auto holds = [bytes](const Block& block) { return is_in(bytes, block); };
  if (shortest.is_v4()) return std::none_of(kReservedV4.begin(), kReservedV4.end(), holds);
  return holds(kUnicastV6) && std::none_of(kReservedV6.begin(), kReservedV6.end(), holds);
}

}  // namespace gossip::agent
