#include "wire/crc32.h"

#include <doctest/doctest.h>

namespace gossip::wire {

namespace {

// The definition, bit by bit.
std::uint32_t by_definition(ByteView bytes) {
  std::uint32_t sum = 0xffffffffU;
  for (const std::uint8_t byte : bytes) {
    sum ^= byte;
    for (int bit = 0; bit < 8; ++bit)
      sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? 0xedb88320U : 0);
  }
  return ~sum;
}

}  // namespace

TEST_CASE("the checksum is that of IEEE 802.3") {
  CHECK(crc32(as_bytes("123456789")) == 0xcbf43926U);  // the check value of CRC-32/ISO-HDLC
  CHECK(crc32({}) == 0);
  CHECK(crc32(as_bytes("a")) == 0xe8b7be43U);
}

TEST_CASE("the checksum is right for every length") {
  Bytes bytes;
  for (unsigned i = 0; i < 64; ++i) {
    REQUIRE(crc32(bytes) == by_definition(bytes));
    bytes.push_back(static_cast<std::uint8_t>(i * 37 + 200));
  }
}

}  // namespace gossip::wire
