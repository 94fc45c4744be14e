#include "config/serf_json.h"

#include <doctest/doctest.h>

#include "unit/config/loading.h"
#include "unit/temporary_folder.h"

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

// serf 0.9.4 with this very file: node y, tag b=2, one handler.
TEST_CASE("a key that stands twice counts the last time, and is warned about") {
  const TemporaryFolder folder;
  const std::string file = folder.write(
      "t.json",
      "{\"node_name\": \"x\",\n \"Node_Name\": \"y\",\n \"tags\": {\"a\": \"1\"},\n"
      " \"tags\": {\"b\": \"1\",\n  \"b\": \"2\"},\n"
      " \"event_handlers\": [\"member-join=true\"], \"event_handlers\": [\"user=true\"],\n"
      " \"mdns\": {\"interface\": \"a\"}, \"mdns\": {\"interface\": \"b\"}}");
  const AgentConfig config = good({"--config-file", file});
  CHECK(config.node.node_name == "y");
  CHECK(config.node.tags == Tags{{"b", "2"}});
  CHECK(config.events.handlers == std::vector<std::string>{"user=true"});
  CHECK(config.settings.mdns_interface == "b");
  const std::string last = " already; the last one counts, as with Serf";
  CHECK(config.warnings ==
        std::vector<std::string>{
            file + ":2:2: node_name: stands at " + file + ":1:2" + last,
            file + ":4:2: tags: stands at " + file + ":3:2" + last,
            file + ":5:3: tags: \"b\" stands there twice; the last one counts, as with Serf",
            file + ":6:42: event_handlers: stands at " + file + ":6:2" + last,
            file + ":7:39: mdns.interface: stands at " + file + ":7:11" + last});
}

TEST_CASE("what was wrong with a value that another one replaces is no mistake") {
  const TemporaryFolder folder;
  const std::string file = folder.write("t.json", R"({"node_name": 1, "node_name": "y"})");
  CHECK(good({"--config-file", file}).node.node_name == "y");
}

}  // namespace
}  // namespace gossip::config
