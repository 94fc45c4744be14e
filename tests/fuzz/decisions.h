// A fuzzer's bytes as a sequence of decisions, for targets that act out a story. When the bytes are used up every
// choice is the first and every text empty.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "gossip/bytes.h"

namespace gossip::fuzz {

class Decisions {
 public:
  explicit Decisions(ByteView input) : rest_(input) {}

  [[nodiscard]] bool are_over() const { return rest_.empty(); }

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }
  bool yes() { return (byte() & 1U) != 0; }
  // 0 … count - 1; `count` is at most 256.
  std::size_t one_of(std::size_t count) { return byte() % count; }
  std::uint64_t number(std::size_t byte_count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < byte_count; ++i)
      value = value << 8U | byte();
    return value;
  }
  ByteView take(std::size_t byte_count) {
    const ByteView taken = rest_.first(std::min(byte_count, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  // One byte says how long it is.
  ByteView bytes() { return take(byte()); }
  // Two bytes do.
  ByteView many_bytes() { return take(number(2)); }
  std::string text() { return std::string(as_text(bytes())); }

 private:
  ByteView rest_;
};

}  // namespace gossip::fuzz
