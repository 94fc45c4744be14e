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

// A configuration file of this text, loaded; its warnings without the file's name.
struct Loaded {
  AgentConfig config;
  std::vector<std::string> warnings;
};

Loaded loaded_json(const std::string& text) {
  const TemporaryFolder folder;
  const std::string file = folder.write("t.json", text);
  Loaded loaded{good({"--config-file", file}), {}};
  for (std::string warning : loaded.config.warnings) {
    for (std::size_t at = 0; (at = warning.find(file)) != std::string::npos;)
      warning.erase(at, file.size());
    loaded.warnings.push_back(std::move(warning));
  }
  return loaded;
}

// serf 0.9.4 with this very file: node y, tag b=2, one handler.
TEST_CASE("a key that stands twice counts the last time, and is warned about") {
  const Loaded loaded = loaded_json(
      "{\"node_name\": \"x\",\n \"node_name\": \"y\",\n \"tags\": {\"a\": \"1\"},\n"
      " \"tags\": {\"b\": \"1\",\n  \"b\": \"2\"},\n"
      " \"event_handlers\": [\"member-join=true\"], \"event_handlers\": [\"user=true\"]}");
  CHECK(loaded.config.node.node_name == "y");
  CHECK(loaded.config.node.tags == Tags{{"b", "2"}});
  CHECK(loaded.config.events.handlers == std::vector<std::string>{"user=true"});
  const std::string last = " already; the last one counts, as with Serf";
  CHECK(loaded.warnings ==
        std::vector<std::string>{
            ":2:2: node_name: stands at :1:2" + last, ":4:2: tags: stands at :3:2" + last,
            ":5:3: tags: \"b\" stands there twice; the last one counts, as with Serf",
            ":6:42: event_handlers: stands at :6:2" + last});
}

// serf 0.9.4 refuses the file: '' has invalid keys: Node_Name.
TEST_CASE("so does one that stands twice in two spellings, of which Serf knows one") {
  const Loaded loaded = loaded_json(R"({"node_name": "x", "Node_Name": "y"})");
  CHECK(loaded.config.node.node_name == "y");
  CHECK(loaded.warnings ==
        std::vector<std::string>{":1:20: node_name: stands at :1:2 already; the last one counts"});
}

// serf 0.9.4 takes the host's name.
TEST_CASE("a null that comes last takes back what the file has said") {
  const std::string again = " stands at :1:2 already; the last one counts, as with Serf";
  const Loaded loaded = loaded_json(R"({"node_name": "x", "node_name": null})");
  CHECK(loaded.config.node.node_name == loaded_json("{}").config.node.node_name);
  CHECK(loaded.warnings == std::vector<std::string>{":1:20: node_name:" + again});
  const Loaded other = loaded_json(R"({"node_name": null, "node_name": "x"})");
  CHECK(other.config.node.node_name == "x");
  CHECK(other.warnings == std::vector<std::string>{":1:21: node_name:" + again});
  CHECK(loaded_json(R"({"node_name": "x", "role": null, "mdns": null})").warnings.empty());
}

TEST_CASE("a section that stands twice counts the last time as a whole") {
  const std::string again = " mdns: stands at :1:2 already; the last one counts";
  const Loaded loaded =
      loaded_json(R"({"mdns": {"interface": "lo"}, "mdns": {"disable_ipv6": true}})");
  CHECK(loaded.config.settings.mdns_interface.empty());
  CHECK(loaded.config.settings.mdns_disable_ipv6);
  CHECK(loaded.warnings == std::vector<std::string>{":1:31:" + again});
  CHECK(loaded_json(R"({"mdns": {"interface": "a"}, "MDNS": {"interface": "b"}})").warnings ==
        std::vector<std::string>{":1:30:" + again});
  const Loaded erased = loaded_json(R"({"mdns": {"interface": "lo"}, "mdns": null})");
  CHECK(erased.config.settings.mdns_interface.empty());
  CHECK(erased.warnings == std::vector<std::string>{":1:31:" + again});
  CHECK(loaded_json(R"({"mdns": {"interface": "a", "interface": "b"}})").warnings ==
        std::vector<std::string>{
            ":1:29: mdns.interface: stands at :1:11 already; the last one counts"});
}

TEST_CASE("of very many that stand there already the first are told, and their number") {
  std::string keys = R"({"role": "x")";
  std::string tags = R"({"tags": {"a": "x")";
  for (std::size_t i = 0; i < 1000; ++i) {
    keys += R"(, "role": "x")";
    tags += R"(, "a": "x")";
  }
  for (const std::string& text : {keys + "}", tags + "}}"}) {
    std::vector<std::string> warnings = loaded_json(text).warnings;
    std::erase_if(warnings, [](const std::string& line) {
      return line.find("role: ") != std::string::npos &&
             line.find("stands at") == std::string::npos;
    });
    REQUIRE(warnings.size() == Mistakes::kMostTold + 1);
    CHECK(warnings.back() == ": and 980 more that stand there already");
  }
}

TEST_CASE("what was wrong with a value that another one replaces is no mistake") {
  const TemporaryFolder folder;
  const std::string file = folder.write("t.json", R"({"node_name": 1, "node_name": "y"})");
  CHECK(good({"--config-file", file}).node.node_name == "y");
}

}  // namespace
}  // namespace gossip::config
