#include "base/ascii.h"

#include <doctest/doctest.h>

namespace gossip::base {
namespace {

TEST_CASE("digits are those of ASCII") {
  for (int c = 0; c < 256; ++c)
    CHECK(is_digit(static_cast<char>(c)) == (c >= '0' && c <= '9'));
}

TEST_CASE("blanks go from both ends and stay in the middle") {
  CHECK(trimmed("").empty());
  CHECK(trimmed(" \t ").empty());
  CHECK(trimmed("a") == "a");
  CHECK(trimmed("\t a b  ") == "a b");
  CHECK(trimmed("\na\r") == "\na\r");
  CHECK(trimmed(" \na\r", " \r\n") == "a");
}

TEST_CASE("a byte is two digits in hexadecimal") {
  std::string out = "\\x";
  for (const std::uint8_t byte : {std::uint8_t{0x00}, std::uint8_t{0x0f}, std::uint8_t{0x7f},
                                  std::uint8_t{0xa0}, std::uint8_t{0xff}}) {
    append_hex(byte, out);
  }
  CHECK(out == "\\x000f7fa0ff");
}

}  // namespace
}  // namespace gossip::base
