// Reading and writing the fixed-size, big-endian numbers of binary layouts. The reader checks every bound:
// it gives a value or nothing, and after nothing it has not moved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "gossip/bytes.h"

namespace gossip::base {

class Reader {
 public:
  // Reads from `bytes`, which must outlive what `take` and `rest` give.
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] std::optional<std::uint8_t> u8();
  [[nodiscard]] std::optional<std::uint16_t> u16();
  [[nodiscard]] std::optional<std::uint32_t> u32();
  [[nodiscard]] std::optional<ByteView> take(std::size_t byte_count);
  // What has not been read yet.
  [[nodiscard]] ByteView rest() const { return rest_; }

 private:
  ByteView rest_;
};

void append_u16(std::uint16_t value, Bytes& out);
void append_u32(std::uint32_t value, Bytes& out);
void append(ByteView bytes, Bytes& out);

}  // namespace gossip::base
