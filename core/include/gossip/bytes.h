// Byte sequences as the whole project passes them: owned, or a view into somebody else's buffer.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gossip {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// The bytes of `text`, valid as long as `text` is. Names, tags and event names need not be UTF-8.
[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The same bytes seen as text, valid as long as `bytes` is.
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace gossip
