#include "rpc/metrics_codec.h"

#include <doctest/doctest.h>

#include "rpc/response_codec.h"

namespace gossip::rpc {
namespace {

using metrics::Family;
using metrics::Kind;

std::optional<MetricsResponse> resent(const MetricsResponse& body) {
  Bytes bytes;
  encode_response_body(body, bytes);
  std::optional<ResponseBody> read = decode_response_body(Command::Metrics, bytes);
  if (!read) return std::nullopt;
  return std::get<MetricsResponse>(*read);
}

TEST_CASE("metrics come back as they were sent") {
  const MetricsResponse sent{
      {{"a_total", Kind::Counter, "A", {{"", {{"x", "1"}, {"b", "\n"}}, 2.5}, {"", {}, 0}}},
       {"b_seconds", Kind::Histogram, "B", {{"_bucket", {{"le", "+Inf"}}, 1}}},
       {"c", Kind::Gauge, "", {}},
       {"d_info", Kind::Info, "D", {{"", {{"version", "1"}}, 1}}}}};
  const auto read = resent(sent);
  REQUIRE(read);
  CHECK(read->families == sent.families);
}

TEST_CASE("names that no scraper would take are refused") {
  for (const char* name : {"", "a b", "1a", "a\x1b[31m"}) {
    CHECK_FALSE(resent({{{name, Kind::Gauge, "", {}}}}));
    CHECK_FALSE(resent({{{"a", Kind::Gauge, "", {{"", {{name, "x"}}, 1}}}}}));
  }
  CHECK_FALSE(resent({{{"a", Kind::Gauge, "", {{"{", {}, 1}}}}}));
}

TEST_CASE("a kind that is not known is a gauge") {
  Bytes bytes;
  MsgpackWriter out(bytes, base::msgpack::Flavour::Rpc);
  out.write_map(1);
  out.write(std::string_view("Families"));
  out.write_list(1);
  out.write_map(2);
  out.field("Name", std::string_view("a"));
  out.field("Type", std::string_view("summary"));
  const auto read = decode_metrics(bytes);
  REQUIRE(read);
  REQUIRE(read->families.size() == 1);
  CHECK(read->families[0].kind == Kind::Gauge);
}

}  // namespace
}  // namespace gossip::rpc
