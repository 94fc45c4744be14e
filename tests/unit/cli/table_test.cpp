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

TEST_CASE("where there is too little room the widest column is cut, of equal ones the last") {
  const std::vector<TableRow> rows{{"name", "0123456789012345", "x"}, {"n", "tag", "y"}};
  CHECK(format_table(rows, 25) == format_table(rows));
  CHECK(format_table(rows, 24) == "name  01234567890123…  x\nn     tag              y\n");
  CHECK(format_table({{"0123456789", "0123456789"}}, 21) == "0123456789  01234567…\n");
  CHECK(format_table({{"0123456789", "0123456789"}}, 19) == "01234567…  0123456…\n");
  CHECK(format_table({{"\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc"}}, 9) ==
        "\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc…\n");
}

TEST_CASE("a column that gives way does so first, however wide the others are") {
  const TableRow row{"0123456789012345", "0123456789", "x"};
  CHECK(format_table({row}, 30, 1) == "0123456789012345  01234567…  x\n");
  CHECK(format_table({row}, 29, 1) == "0123456789012345  0123456…  x\n");
  CHECK(format_table({row}, 28, 1) == "01234567890123…  0123456…  x\n");
  CHECK(format_table({row}, 30, 2) == "01234567890123…  0123456789  x\n");
}

TEST_CASE("no column becomes so narrow that it says nothing") {
  CHECK(format_table({{"0123456789", "0123456789"}}, 1) == "0123456…  0123456…\n");
  CHECK(format_table({{"short", "01234567"}}, 1) == "short  01234567\n");
  CHECK(format_table({}, 1).empty());
}

}  // namespace
}  // namespace gossip::cli
