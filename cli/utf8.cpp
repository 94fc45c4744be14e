#include "cli/utf8.h"

#include <cstdint>

#include "base/utf8.h"

namespace gossip::cli {
namespace {

struct Lead {
  std::size_t byte_count = 0;  // 0: no byte that begins a sequence
  char32_t bits = 0;
  char32_t smallest = 0;  // anything below is overlong
};

Lead read_lead(std::uint8_t byte) {
  if (byte < 0x80) {
    return {1, byte, 0};
  }
  if ((byte & 0xe0U) == 0xc0) {
    return {2, byte & 0x1fU, 0x80};
  }
  if ((byte & 0xf0U) == 0xe0) {
    return {3, byte & 0x0fU, 0x800};
  }
  if ((byte & 0xf8U) == 0xf0) {
    return {4, byte & 0x07U, 0x10000};
  }
  return {};
}

}  // namespace

CodePoint decode_utf8(std::string_view text) {
  const Lead lead = read_lead(static_cast<std::uint8_t>(text[0]));
  if (lead.byte_count == 0 || lead.byte_count > text.size()) {
    return {};
  }
  char32_t value = lead.bits;
  for (std::size_t i = 1; i < lead.byte_count; ++i) {
    if (!base::continues_character(text[i])) {
      return {};
    }
    value = (value << 6U) | (static_cast<std::uint8_t>(text[i]) & 0x3fU);
  }
  if (value < lead.smallest || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    return {};
  }
  return {value, lead.byte_count};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    if (!point.value) {
      return false;
    }
    text.remove_prefix(point.byte_count);
  }
  return true;
}

}  // namespace gossip::cli
