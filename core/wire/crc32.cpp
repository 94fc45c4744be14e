#include "wire/crc32.h"

#include <array>
#include <cstddef>

namespace gossip::wire {

namespace {

constexpr std::size_t kStep = 8;  // bytes taken at once
using Table = std::array<std::uint32_t, 256>;

// tables[k][b]: what byte b does to the checksum when k more bytes follow it.
constexpr std::array<Table, kStep> make_tables() {
  constexpr std::uint32_t kPolynomial = 0xedb88320U;
  std::array<Table, kStep> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value >> 1U) ^ ((value & 1U) != 0 ? kPolynomial : 0);
    }
    tables[0][byte] = value;
  }
  for (std::size_t k = 1; k < kStep; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8U) ^ tables[0][before & 0xffU];
    }
  }
  return tables;
}

constexpr std::array<Table, kStep> kTables = make_tables();

}  // namespace

std::uint32_t crc32(ByteView bytes) {
  std::uint32_t sum = 0xffffffffU;
  while (bytes.size() >= kStep) {
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < kStep; ++i) {
      const std::uint32_t mixed = i < 4 ? (sum >> (8 * i)) & 0xffU : 0;
      next ^= kTables[kStep - 1 - i][bytes[i] ^ mixed];
    }
    sum = next;
    bytes = bytes.subspan(kStep);
  }
  for (const std::uint8_t byte : bytes)
    sum = (sum >> 8U) ^ kTables[0][(sum ^ byte) & 0xffU];
  return ~sum;
}

}  // namespace gossip::wire
