#include "cli/table.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

TEST_CASE("columns are as wide as their widest cell, two spaces apart") {
  CHECK(format_table({{"a", "long cell", "x"}, {"bbb", "c", "yy"}}) ==
        "a    long cell  x\nbbb  c          yy\n");
}

TEST_CASE("no line ends in spaces, and no rows are no output") {
  CHECK(format_table({{"a", ""}, {"b", "c"}}) == "a\nb  c\n");
  CHECK(format_table({}).empty());
}

TEST_CASE("an empty cell in the middle keeps its column") {
  CHECK(format_table({{"a", "", "x"}, {"b", "tag", "y"}}) == "a       x\nb  tag  y\n");
}

TEST_CASE("rows may be of different length, and cells of any script") {
  CHECK(format_table({{"\u00fc\u00fc", "x"}, {"a"}, {"b", "y"}}) == "\u00fc\u00fc  x\na\nb   y\n");
}

}  // namespace
}  // namespace gossip::cli
