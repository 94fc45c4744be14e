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

std::uint32_t little_endian(ByteView bytes) {
  return bytes[0] | (std::uint32_t{bytes[1]} << 8U) | (std::uint32_t{bytes[2]} << 16U) |
         (std::uint32_t{bytes[3]} << 24U);
}

// What the four bytes of `word` do to the checksum when `after` more bytes follow them.
std::uint32_t step(std::uint32_t word, std::size_t after) {
  return kTables[after + 3][word & 0xffU] ^ kTables[after + 2][(word >> 8U) & 0xffU] ^
         kTables[after + 1][(word >> 16U) & 0xffU] ^ kTables[after][word >> 24U];
}

}  // namespace

std::uint32_t crc32(ByteView bytes) {
  std::uint32_t sum = 0xffffffffU;
  while (bytes.size() >= kStep) {
    sum = step(sum ^ little_endian(bytes), 4) ^ step(little_endian(bytes.subspan(4)), 0);
    bytes = bytes.subspan(kStep);
  }
  for (const std::uint8_t byte : bytes)
    sum = (sum >> 8U) ^ kTables[0][(sum ^ byte) & 0xffU];
  return ~sum;
}

}  // namespace gossip::wire
