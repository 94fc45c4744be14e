#include "base/shown.h"

#include <cstdint>

#include "base/ascii.h"

namespace gossip::base {

std::string shown(std::string_view text) {
  std::string out;
  for (const char character : text.substr(0, kMaxShownBytes)) {
    const auto byte = static_cast<std::uint8_t>(character);
    if (character == '"' || character == '\\') {
      out += '\\';
      out += character;
    } else if (byte >= 0x20 && byte < 0x7f) {
      out += character;
    } else {
      out += "\\x";
      append_hex(byte, out);
    }
  }
  if (text.size() > kMaxShownBytes) out += "...";
  return out;
}

}  // namespace gossip::base
