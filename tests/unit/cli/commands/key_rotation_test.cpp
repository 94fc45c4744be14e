#include "cli/commands/key_rotation.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

using Keys = std::vector<std::string>;

rpc::KeyResponse listed(std::map<std::string, std::int64_t> keys,
                        std::map<std::string, std::int64_t> primaries) {
  rpc::KeyResponse response;
  response.keys = std::move(keys);
  response.primaries = std::move(primaries);
  return response;
}

TEST_CASE("a rotation replaces what the members seal with, and leaves other keys alone") {
  CHECK(keys_to_replace(listed({{"A", 3}, {"B", 3}}, {{"A", 3}}), "").value() == Keys{"A"});
  CHECK(keys_to_replace(listed({{"A", 3}}, {}), "").value() == Keys{"A"});
}

TEST_CASE("a rotation that stopped half way goes on with its new key") {
  CHECK(keys_to_replace(listed({{"A", 3}, {"N", 3}}, {{"A", 1}, {"N", 2}}), "N").value() ==
        Keys{"A"});
  CHECK(keys_to_replace(listed({{"A", 3}, {"N", 2}}, {}), "N").value() == Keys{"A"});
}

TEST_CASE("a rotation refuses to guess") {
  CHECK_FALSE(keys_to_replace(listed({{"A", 3}, {"B", 3}}, {}), ""));
  CHECK(keys_to_replace(listed({}, {}), "").error().message == "there is no key to replace");
  CHECK(keys_to_replace(listed({{"N", 3}}, {{"N", 3}}), "N").error().message ==
        "that key is the primary one already");
}

}  // namespace
}  // namespace gossip::cli
