#include "config/toml_hint.h"

#include <string>

#include <doctest/doctest.h>

#include "unit/config/loading.h"
#include "unit/temporary_folder.h"

namespace gossip::config {
namespace {

// What is told behind the parser's own words.
std::string hint(const std::string& text) {
  const TemporaryFolder folder;
  const std::string message = complaint({"--config-file", folder.write("a.toml", text)});
  const std::size_t begin = message.find(" (");
  return begin == std::string::npos ? "" : message.substr(begin + 1);
}

TEST_CASE("a text without quotes is told that it needs them, whatever it begins like") {
  CHECK(hint("bind = \"127.0.0.1\"\nnode_name = web1 # c\n") ==
        "(a text needs quotes: node_name = \"web1\")");
  CHECK(hint("log_level = info\r\n") == "(a text needs quotes: log_level = \"info\")");
  CHECK(hint("bind = 10.0.0.1:7946") == "(a text needs quotes: bind = \"10.0.0.1:7946\")");
  CHECK(hint("retry_interval = 30s") == "(a text needs quotes: retry_interval = \"30s\")");
  CHECK(hint("rpc_addr = ./x.sock") == "(a text needs quotes: rpc_addr = \"./x.sock\")");
  CHECK(hint("node_name = true1") == "(a text needs quotes: node_name = \"true1\")");
  CHECK(hint("node_name = 2026-web 1") == "(a text needs quotes: node_name = \"2026-web 1\")");
  CHECK(hint("node_name = \u00fcnix") == "(a text needs quotes: node_name = \"\u00fcnix\")");
  CHECK(hint("tags = { zone = \"\u00fc\", role = web }") ==
        "(a text needs quotes: role = \"web\")");
}

TEST_CASE("an element of a list is told alone") {
  CHECK(hint("retry_join = [\"a\", b]") == "(a text needs quotes: \"b\")");
  CHECK(hint("retry_join = [a, b]") == "(a text needs quotes: \"a\")");
  CHECK(hint("retry_join = [\n  a,\n]") == "(a text needs quotes: \"\u2026\")");
}

TEST_CASE("secrets, and what may be one, are not repeated") {
  CHECK(hint("encrypt_key = T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s=") ==
        "(a text needs quotes: encrypt_key = \"\u2026\")");
  CHECK(hint("encrypt_ky = T9jncg") == "(a text needs quotes: encrypt_ky = \"\u2026\")");
  CHECK(hint("[tags]\nzone = east") == "(a text needs quotes: zone = \"\u2026\")");
  CHECK(hint("event_handlers = echo \"x\"") ==
        "(a text needs quotes: event_handlers = \"\u2026\")");
  // What looks like a key of its own in the value of a secret.
  CHECK(hint("rpc_auth = {S58w=Ztr0jp8R}") == "(a text needs quotes: rpc_auth = \"\u2026\")");
  CHECK(hint("tags = { a = \"x\", rpc_auth = 7,Bi9=PA }") ==
        "(a text needs quotes: rpc_auth = \"\u2026\")");
}

TEST_CASE("switches and numbers want no text") {
  CHECK(hint("replay_on_join = yes") == "(write true or false)");
  CHECK(hint("replay_on_join = True") == "(write true or false)");
  CHECK(hint("max_members = 10k") == "(write a whole number)");
}

TEST_CASE("what lacks something else is told no more than that") {
  for (const char* const text :
       {"node_name = \"web", "node_name = 'web", "node_name =", "node_name \"x\"",
        "node_name = \"a\" b", "[tags", "[tags]]", "= 1", "retry_join = [\"a\" \"b\"]"}) {
    CAPTURE(std::string(text));
    CHECK(hint(text).empty());
  }
}

}  // namespace
}  // namespace gossip::config
