#include "cli/commands/stats.h"

#include <limits>

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

using metrics::Family;
using metrics::Kind;

const std::vector<Family> kFamilies{
    {"a_total", Kind::Counter, "So\x1b far", {{"", {{"way", "in\x1b[1m"}}, 12}}},
    {"b_seconds",
     Kind::Histogram,
     "Times",
     {{"_bucket", {{"le", "+Inf"}}, 2}, {"_count", {}, 2}, {"_sum", {}, 0.5}}},
    {"c_seconds", Kind::Histogram, "None yet", {{"_count", {}, 0}, {"_sum", {}, 0}}}};

TEST_CASE("as a table each sample is a line, and a histogram its count and its mean") {
  CHECK(format_stats(kFamilies, StatsFormat::Text) ==
        "a_total{way=\"in\\x1b[1m\"}  12\n"
        "b_seconds count           2\n"
        "b_seconds mean            0.25\n"
        "c_seconds count           0\n");
}

TEST_CASE("on a narrow screen names are cut, not figures") {
  CHECK(format_stats(kFamilies, StatsFormat::Text, 20).starts_with("a_total{way=\"…  12\n"));
}

TEST_CASE("as Prometheus' text nothing reaches the terminal that it obeys") {
  const std::string text = format_stats(kFamilies, StatsFormat::Prometheus);
  CHECK(text.starts_with("# HELP a_total So\\\\x1b far\n# TYPE a_total counter\n"));
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("b_seconds_bucket{le=\"+Inf\"} 2\n") != std::string::npos);
}

TEST_CASE("as JSON each sample has its whole name, and what is no number is null") {
  const std::vector<Family> one{
      {"a", Kind::Gauge, "A", {{"", {{"k", "v"}}, std::numeric_limits<double>::infinity()}}}};
  CHECK(format_stats(one, StatsFormat::Json) ==
        "{\n  \"metrics\": [\n    {\n      \"name\": \"a\",\n      \"type\": \"gauge\",\n"
        "      \"help\": \"A\",\n      \"samples\": [\n        {\n          \"name\": \"a\",\n"
        "          \"labels\": {\n            \"k\": \"v\"\n          },\n"
        "          \"value\": null\n        }\n      ]\n    }\n  ]\n}\n");
}

}  // namespace
}  // namespace gossip::cli
