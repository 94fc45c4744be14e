// LZW as Go's compress/lzw has it with least significant bit first and 8-bit literals (gossip-wire §3.2); no
// other variant, GIF's and TIFF's included, is the same.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gossip/bytes.h"

namespace gossip::wire {

// Appends the stream of `plain` to `out`, byte for byte as upstream makes it.
void lzw_compress(ByteView plain, Bytes& out);

enum class Inflated : std::uint8_t {
  Done,
  Damaged,   // an impossible code, or no end code
  TooLarge,  // more than the caller takes
};

// Appends what the stream stands for to `out`, at most `max_bytes`. Memory grows with what is produced, and
// what follows the end code is ignored. After an error `out` holds what came before it.
[[nodiscard]] Inflated lzw_decompress(ByteView compressed, std::size_t max_bytes, Bytes& out);

}  // namespace gossip::wire
