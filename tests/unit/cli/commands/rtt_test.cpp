#include "cli/commands/rtt.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

// On a line: a at 0, the others so many milliseconds away.
Coordinate at(double milliseconds) {
  Coordinate coordinate{.height = 0};
  coordinate.vec[0] = milliseconds / 1000;
  return coordinate;
}

const Places kThree{{"a", at(0)}, {"b", at(10)}, {"c d", at(2.5)}};
const std::vector<std::string> kNames{"a", "b", "c d", "nowhere"};

constexpr const char* kMatrix =
    "MS     a       b       \"c d\"\n"
    "a      0.000   10.000  2.500\n"
    "b      10.000  0.000   7.500\n"
    "\"c d\"  2.500   7.500   0.000\n";
constexpr std::size_t kMatrixWidth = 28;
constexpr const char* kList =
    "a  \"c d\"  2.500 ms\n"
    "b  \"c d\"  7.500 ms\n"
    "a  b      10.000 ms\n";

TEST_CASE("a matrix where it fits, else a line for each pair, the nearest first") {
  CHECK(format_all_rtts(kNames, kThree, 80) == kMatrix);
  CHECK(format_all_rtts(kNames, kThree, kMatrixWidth) == kMatrix);
  CHECK(format_all_rtts(kNames, kThree, kMatrixWidth - 1) == kList);
  CHECK(format_all_rtts(kNames, kThree, std::nullopt) == kList);
}

TEST_CASE("JSON has every pair once, and names those that have no coordinate") {
  CHECK(format_all_rtts_json({"a", "b", "nowhere"}, kThree) ==
        "{\n"
        "  \"rtts\": [\n"
        "    {\n"
        "      \"a\": \"a\",\n"
        "      \"b\": \"b\",\n"
        "      \"rtt_ms\": 10.000\n"
        "    }\n"
        "  ],\n"
        "  \"unknown\": [\n"
        "    \"nowhere\"\n"
        "  ]\n"
        "}\n");
}

TEST_CASE("nobody is somewhere: nothing to print") {
  CHECK(format_all_rtts({"a", "b"}, {}, std::nullopt).empty());
  CHECK(format_all_rtts_json({}, {}) == "{\n  \"rtts\": [],\n  \"unknown\": []\n}\n");
}

TEST_CASE("of a member with itself it is nothing, whatever its height") {
  const Places high{{"a", Coordinate{}}};
  CHECK(round_trip("a", "a", high) == Duration::zero());
  CHECK_FALSE(round_trip("a", "b", high));
  CHECK_FALSE(round_trip("b", "b", high));
}

TEST_CASE("milliseconds have three decimals, as Serf's") {
  CHECK(format_milliseconds(Duration(619'400)) == "0.619");
  CHECK(format_milliseconds(Duration(1)) == "0.000");
  CHECK(format_milliseconds(std::chrono::seconds(12)) == "12000.000");
}

}  // namespace
}  // namespace gossip::cli
