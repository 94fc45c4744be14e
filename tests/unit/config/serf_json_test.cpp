#include "config/serf_json.h"

#include <doctest/doctest.h>

namespace gossip::config {
namespace {

TEST_CASE("a tags file is written as Go writes it") {
  CHECK(json_map({}) == "{}");
  CHECK(json_map({{"role", "web"}, {"dc", "east"}}) ==
        "{\n  \"dc\": \"east\",\n  \"role\": \"web\"\n}");
  CHECK(json_map({{"a", "<&>\"\\\n\r\t\x01\x7f\u00e9\u2028"}}) ==
        "{\n  \"a\": \"\\u003c\\u0026\\u003e\\\"\\\\\\n\\r\\t\\u0001\x7f\u00e9\\u2028\"\n}");
}

TEST_CASE("bytes that are no UTF-8 become the replacement character") {
  for (const char* bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82"}) {
    CHECK(json_map({{"a", bad}}).find("\\ufffd") != std::string::npos);
  }
  CHECK(json_map({{"a", "\xff\xf0\x9f\x98\x80"}}) == "{\n  \"a\": \"\\ufffd\xf0\x9f\x98\x80\"\n}");
}

TEST_CASE("a tags file that was written is read back") {
  const Tags tags{{"a<b>", "x & \"y\"\n"}, {"empty", ""}, {"\u00fc", "\u2029"}};
  CHECK(parse_json_map(json_map(tags), "t").value() == tags);
  CHECK(parse_json_map("{}", "t").value().empty());
}

TEST_CASE("a tags file that is none says where") {
  CHECK(parse_json_map("{\n\"a\": 1}", "t").error().message ==
        "t:2:1: expected an object of texts");
  CHECK(parse_json_map("[]", "t").error().message == "t:1:1: expected an object of texts");
  CHECK_FALSE(parse_json_map("", "t").has_value());
  CHECK_FALSE(parse_json_map("{\"a\": \"b\"", "t").has_value());
}

}  // namespace
}  // namespace gossip::config
