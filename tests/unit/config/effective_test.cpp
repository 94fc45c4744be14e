#include "config/effective.h"

#include <doctest/doctest.h>

#include "unit/config/loading.h"
#include "unit/temporary_folder.h"

namespace gossip::config {
namespace {

// The line of one key.
std::string line_of(const AgentConfig& config, const std::string& key) {
  const std::string text = "\n" + print_effective(config, PrintFormat::Toml);
  const std::size_t at = text.find("\n" + key + " = ");
  REQUIRE_MESSAGE(at != std::string::npos, key);
  return text.substr(at + 1, text.find('\n', at + 1) - at - 1);
}

std::string padded(std::string text, const std::string& origin) {
  text.resize(std::max<std::size_t>(text.size() + 2, 44), ' ');
  return text + "# " + origin;
}

TEST_CASE("each setting stands with its value and where that comes from") {
  const TemporaryFolder folder;
  const std::string first = folder.write("1.toml", "profile = \"wan\"\nretry_join = [\"a\"]\n");
  const std::string second = folder.write("2.json", R"({"retry_join": ["b"], "rpc_addr": "/x"})");
  Environment environment;
  environment.variables = {{"GOSSIP_LOG_LEVEL", "debug"}, {"GOSSIP_TAGS", "a=1"}};
  const AgentConfig config =
      loaded_in(environment, {"--config-file", first, "--config-file", second, "--retry-join=c",
                              "--node=n", "--tag=b=x y", "--disable-compression"})
          .value();
  CHECK(line_of(config, "node_name") == padded("node_name = \"n\"", "--node"));
  CHECK(line_of(config, "log_level") == padded("log_level = \"debug\"", "GOSSIP_LOG_LEVEL"));
  CHECK(line_of(config, "retry_join") == padded(R"(retry_join = ["a", "b", "c"])",
                                                first + ":2:1, " + second + ":1:2, --retry-join"));
  CHECK(line_of(config, "tags") ==
        padded(R"(tags = {"a" = "1", "b" = "x y"})", "GOSSIP_TAGS, --tag"));
  CHECK(line_of(config, "rpc_addr") == padded("rpc_addr = [\"/x\"]", second + ":1:23"));
  CHECK(line_of(config, "enable_compression") ==
        padded("enable_compression = false", "--disable-compression"));
  CHECK(line_of(config, "swim.probe_interval") ==
        padded("swim.probe_interval = \"5s\"", "profile wan"));
  CHECK(line_of(config, "handler_queue") == padded("handler_queue = 1024", "default"));
  CHECK(line_of(config, "ready_when") == padded("ready_when = \"joined\"", "default"));
}

TEST_CASE("what stands there is what counts in the end") {
  Environment environment;
  environment.supervised = true;
  const AgentConfig config =
      loaded_in(environment, {"--retry-interval=1ms", "--broadcast-timeout=1ms", "--role=web"})
          .value();
  CHECK(line_of(config, "retry_interval") == padded("retry_interval = \"1s\"", "--retry-interval"));
  CHECK(line_of(config, "broadcast_timeout") ==
        padded("broadcast_timeout = \"1s\"", "--broadcast-timeout"));
  CHECK(line_of(config, "tags") == padded(R"(tags = {"role" = "web"})", "default, role"));
  CHECK(line_of(config, "leave_on_terminate") ==
        padded("leave_on_terminate = true", "default where supervised"));
  CHECK(line_of(config, "node_name").find("# default: this host's name") != std::string::npos);
}

TEST_CASE("a secret is masked wherever it comes from") {
  const TemporaryFolder folder;
  const std::string json = folder.write("a.json", R"({"rpc_auth": "hidden"})");
  for (const PrintFormat format : {PrintFormat::Toml, PrintFormat::Json}) {
    const std::string text =
        print_effective(good({"--config-file", json, "--encrypt", kKey}), format);
    CHECK(text.find("hidden") == std::string::npos);
    CHECK(text.find(kKey) == std::string::npos);
    CHECK(text.find("********") != std::string::npos);
  }
  CHECK(line_of(good({}, kKey), "encrypt_key") ==
        padded("encrypt_key = \"********\"", "GOSSIP_ENCRYPT_KEY"));
  const std::string file = folder.write("key", kKey);
  CHECK(line_of(good({"--encrypt-file", file}), "encrypt_key") ==
        padded("encrypt_key = \"********\"", file));
  CHECK(line_of(good({}), "encrypt_key") == padded("encrypt_key = \"\"", "default"));
}

TEST_CASE("a value is one line of TOML, whatever bytes it has") {
  CHECK(line_of(good({"--node=a\"b\\c\n\x01\x7f\xff<&"}), "node_name") ==
        padded(R"(node_name = "a\"b\\c\n\u0001\u007f\ufffd<&")", "--node"));
}

TEST_CASE("as JSON each key has a value and an origin") {
  const std::string text = print_effective(good({"--tag=a=b"}), PrintFormat::Json);
  CHECK(text.find("\n  \"tags\": {\"value\": {\"a\": \"b\"}, \"origin\": \"--tag\"},\n") !=
        std::string::npos);
  CHECK(text.substr(0, 2) == "{\n");
  CHECK(text.substr(text.size() - 4) == "}\n}\n");
}

}  // namespace
}  // namespace gossip::config
