#include "metrics/exposition.h"

#include <limits>

#include <doctest/doctest.h>

namespace gossip::metrics {
namespace {

const Family kBytes{
    "x_bytes_total", Kind::Counter, "Bytes\n\"so\" \\ far", {{"", {{"way", "in\n\"\\"}}, 3}}};
const Family kTrips{"x_rtt_seconds",
                    Kind::Histogram,
                    "Round trips",
                    {{"_bucket", {{"le", "0.5"}}, 1},
                     {"_bucket", {{"le", "+Inf"}}, 2},
                     {"_count", {}, 2},
                     {"_sum", {}, 1.25}}};
const Family kBuild{
    "x_build_info", Kind::Info, "Version", {{"", {{"version", "1"}, {"os", "l"}}, 1}}};
const Family kEmpty{"x_none", Kind::Gauge, "Nothing to tell", {}};

TEST_CASE("Prometheus' text has a head for each family, and no trace of one without samples") {
  const std::vector<Family> all{kBytes, kTrips, kEmpty, kBuild};
  CHECK(expose(all, Exposition::Prometheus) ==
        "# HELP x_bytes_total Bytes\\n\"so\" \\\\ far\n"
        "# TYPE x_bytes_total counter\n"
        "x_bytes_total{way=\"in\\n\\\"\\\\\"} 3\n"
        "# HELP x_rtt_seconds Round trips\n"
        "# TYPE x_rtt_seconds histogram\n"
        "x_rtt_seconds_bucket{le=\"0.5\"} 1\n"
        "x_rtt_seconds_bucket{le=\"+Inf\"} 2\n"
        "x_rtt_seconds_count 2\n"
        "x_rtt_seconds_sum 1.25\n"
        "# HELP x_build_info Version\n"
        "# TYPE x_build_info gauge\n"
        "x_build_info{version=\"1\",os=\"l\"} 1\n");
  CHECK(expose({}, Exposition::Prometheus).empty());
}

TEST_CASE("OpenMetrics names counters and infos without their suffix, tells units, and ends") {
  const std::vector<Family> all{kBytes, kBuild};
  CHECK(expose(all, Exposition::OpenMetrics) ==
        "# HELP x_bytes Bytes\\n\\\"so\\\" \\\\ far\n"
        "# TYPE x_bytes counter\n"
        "# UNIT x_bytes bytes\n"
        "x_bytes_total{way=\"in\\n\\\"\\\\\"} 3\n"
        "# HELP x_build Version\n"
        "# TYPE x_build info\n"
        "x_build_info{version=\"1\",os=\"l\"} 1\n"
        "# EOF\n");
  CHECK(expose({}, Exposition::OpenMetrics) == "# EOF\n");
}

TEST_CASE("values are short, and whole numbers look whole") {
  CHECK(format_value(0) == "0");
  CHECK(format_value(-3) == "-3");
  CHECK(format_value(1795916614.03) == "1795916614.03");
  CHECK(format_value(999999999999999) == "999999999999999");
  CHECK(format_value(1e15) == "1e+15");
  CHECK(format_value(0.1) == "0.1");
  CHECK(format_value(0.1 + 0.2) == "0.30000000000000004");
  CHECK(format_value(5e-324) == "4.94065645841247e-324");
  CHECK(format_value(-1.7976931348623157e308) == "-1.7976931348623157e+308");
  CHECK(format_value(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  CHECK(format_value(std::numeric_limits<double>::infinity()) == "+Inf");
  CHECK(format_value(-std::numeric_limits<double>::infinity()) == "-Inf");
}

}  // namespace
}  // namespace gossip::metrics
