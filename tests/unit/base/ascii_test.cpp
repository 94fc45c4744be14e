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

}  // namespace
}  // namespace gossip::base
