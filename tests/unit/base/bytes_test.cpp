#include "base/bytes.h"

#include <doctest/doctest.h>

namespace gossip::base {

TEST_CASE("the reader gives big-endian numbers in turn") {
  const Bytes bytes = {1, 2, 3, 0xfe, 0xdc, 0xba, 0x98, 'x', 'y', 'z'};
  Reader reader{ByteView(bytes)};
  CHECK(reader.u8() == 1);
  CHECK(reader.u16() == 0x0203);
  CHECK(reader.u32() == 0xfedcba98U);
  const std::optional<ByteView> taken = reader.take(2);
  REQUIRE(taken.has_value());
  CHECK(as_text(*taken) == "xy");
  CHECK(as_text(reader.rest()) == "z");
}

TEST_CASE("the reader does not move when too little is left") {
  const Bytes bytes = {7, 8, 9};
  Reader reader{ByteView(bytes)};
  CHECK_FALSE(reader.u32().has_value());
  CHECK_FALSE(reader.take(4).has_value());
  CHECK_FALSE(reader.take(static_cast<std::size_t>(-1)).has_value());
  CHECK(reader.rest().size() == 3);
  CHECK(reader.u16() == 0x0708);
  CHECK_FALSE(reader.u16().has_value());
  CHECK(reader.u8() == 9);
  CHECK_FALSE(reader.u8().has_value());
  CHECK(reader.take(0).has_value());
}

TEST_CASE("numbers are appended big-endian") {
  Bytes out = {9};
  append_u16(0x0102, out);
  append_u32(0xfedcba98U, out);
  append(as_bytes("ab"), out);
  CHECK(out == Bytes{9, 1, 2, 0xfe, 0xdc, 0xba, 0x98, 'a', 'b'});
}

}  // namespace gossip::base
