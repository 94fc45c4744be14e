#include "cli/commands/keys.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

rpc::KeyResponse two_keys() {
  rpc::KeyResponse keys;
  keys.keys = {{"AAAA", 2}, {"BBBB", 1}};
  keys.node_count = 2;
  keys.response_count = 2;
  return keys;
}

TEST_CASE("keys are listed as Serf lists them, and the primary one is marked where it is known") {
  rpc::KeyResponse keys = two_keys();
  CHECK(format_key_list(keys) == "AAAA  [2/2]\nBBBB  [1/2]\n");
  keys.primaries = {{"AAAA", 2}};
  CHECK(format_key_list(keys) == "AAAA  [2/2]  primary\nBBBB  [1/2]\n");
  keys.primaries = {{"AAAA", 1}, {"BBBB", 1}};
  CHECK(format_key_list(keys) == "AAAA  [2/2]  primary [1/2]\nBBBB  [1/2]  primary [1/2]\n");
}

TEST_CASE("each member that failed or is silent has a line") {
  rpc::KeyResponse keys = two_keys();
  keys.messages = {{"b\n", "no\x1b"}, {"alpha", "Keyring is empty"}};
  keys.silent = {"c"};
  CHECK(format_key_troubles(keys, "failed:") ==
        "failed:  alpha  Keyring is empty\n"
        "failed:  \"b\\n\"  no\\x1b\n"
        "silent:  c      no answer\n");
  CHECK(format_key_troubles(two_keys(), "failed:").empty());
}

TEST_CASE("everybody has followed only if each member that was asked said so") {
  rpc::Response response;
  response.body = two_keys();
  CHECK(all_followed(response));
  response.error = "1/2 nodes reported failure";
  CHECK_FALSE(all_followed(response));
  response.error.clear();
  rpc::KeyResponse keys = two_keys();
  keys.response_count = 1;
  response.body = keys;
  CHECK_FALSE(all_followed(response));
  keys.response_count = 2;
  keys.silent = {"c"};
  response.body = keys;
  CHECK_FALSE(all_followed(response));
  response.body = rpc::NoBody{};
  CHECK_FALSE(all_followed(response));
}

TEST_CASE("keys in JSON") {
  rpc::KeyResponse keys = two_keys();
  keys.primaries = {{"AAAA", 2}};
  keys.silent = {"c"};
  CHECK(format_keys_json(keys) ==
        "{\n  \"keys\": {\n    \"AAAA\": 2,\n    \"BBBB\": 1\n  },\n"
        "  \"primaries\": {\n    \"AAAA\": 2\n  },\n"
        "  \"nodes\": 2,\n  \"responses\": 2,\n  \"errors\": 0,\n  \"messages\": {},\n"
        "  \"silent\": [\n    \"c\"\n  ]\n}\n");
}

}  // namespace
}  // namespace gossip::cli
