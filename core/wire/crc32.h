// CRC-32 of IEEE 802.3, as zlib's crc32 computes it (gossip-wire §3.3).
#pragma once

#include <cstdint>

#include "gossip/bytes.h"

namespace gossip::wire {

[[nodiscard]] std::uint32_t crc32(ByteView bytes);

}  // namespace gossip::wire
