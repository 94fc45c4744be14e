// Many messages in one (gossip-wire §3.1): type, count, lengths, then the messages.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gossip/bytes.h"

namespace gossip::wire {

// The whole message, type byte first. At most kMaxCompoundParts parts of 1 to 65535 bytes.
void append_compound(std::span<const ByteView> parts, Bytes& out);

enum class Compound : std::uint8_t {
  Whole,
  TailLost,  // the last parts are cut off; those before count
  Damaged,   // cut within the lengths: no part can be found
};

// Appends the parts of `body`, which follows the type byte, to `parts`; views into it, some perhaps empty.
[[nodiscard]] Compound split_compound(ByteView body, std::vector<ByteView>& parts);

}  // namespace gossip::wire
