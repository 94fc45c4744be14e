#include "base/bytes.h"

namespace gossip::base {

std::optional<ByteView> Reader::take(std::size_t byte_count) {
  if (byte_count > rest_.size()) return std::nullopt;
  const ByteView taken = rest_.first(byte_count);
  rest_ = rest_.subspan(byte_count);
  return taken;
}

std::optional<std::uint8_t> Reader::u8() {
  const std::optional<ByteView> bytes = take(1);
  if (!bytes) return std::nullopt;
  return bytes->front();
}

std::optional<std::uint16_t> Reader::u16() {
  const std::optional<ByteView> bytes = take(2);
  if (!bytes) return std::nullopt;
  return static_cast<std::uint16_t>(((*bytes)[0] << 8U) | (*bytes)[1]);
}

std::optional<std::uint32_t> Reader::u32() {
  const std::optional<ByteView> bytes = take(4);
  if (!bytes) return std::nullopt;
  std::uint32_t value = 0;
  for (const std::uint8_t byte : *bytes)
    value = (value << 8U) | byte;
  return value;
}

void append_u16(std::uint16_t value, Bytes& out) {
  out.push_back(static_cast<std::uint8_t>(value >> 8U));
  out.push_back(static_cast<std::uint8_t>(value));
}

void append_u32(std::uint32_t value, Bytes& out) {
  append_u16(static_cast<std::uint16_t>(value >> 16U), out);
  append_u16(static_cast<std::uint16_t>(value), out);
}

void append(ByteView bytes, Bytes& out) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace gossip::base
