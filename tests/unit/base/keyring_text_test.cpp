#include "base/keyring_text.h"

#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "unit/test_data.h"

namespace gossip::base {
namespace {

std::string golden(const std::string& name) {
  std::ifstream file(test_data("golden/files/" + name));
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string complaint(std::string_view text) {
  const Expected<std::vector<Bytes>> keys = parse_keyring(text, "k");
  return keys ? "fine" : keys.error().message;
}

TEST_CASE("the keyring files of the real Serf are read, and written as they were") {
  for (const char* name : {"keyring-after-install.json", "keyring-after-use.json",
                           "keyring-after-remove.json", "keyring-after-rotation.json"}) {
    CAPTURE(name);
    const std::string text = golden(name);
    const Expected<std::vector<Bytes>> keys = parse_keyring(text, name);
    REQUIRE(keys.has_value());
    CHECK(format_keyring(*keys) == text);
  }
  const auto used = parse_keyring(golden("keyring-after-use.json"), "k");
  CHECK(used.value() == std::vector<Bytes>{Bytes(32, 2), Bytes(32, 1)});
}

TEST_CASE("a keyring may be written in other ways than Serf's") {
  CHECK(parse_keyring(R"( ["\/////////////////////w==" ,"AAAAAAAAAAAAAAAAAAAAAA=="] )", "k")
            .value() == std::vector<Bytes>{Bytes(16, 255), Bytes(16, 0)});
}

TEST_CASE("what is no keyring is refused, with the place") {
  CHECK(complaint("[]") == "k: the keyring file contains no keys");
  CHECK(complaint("") == "k:1: expected a list of texts");
  CHECK(complaint("[\n\"MTIzNDU=\",\n5]") == "k:3: expected a list of texts");
  CHECK(complaint("[\"MTIzNDU=\"]") ==
        "k: key 1: the encryption key is 5 bytes long, it must be 16, 24 or 32");
  CHECK(complaint("[\"AAAAAAAAAAAAAAAAAAAAAA==\", \"AAAA AAAA\"]") ==
        "k: key 2: the encryption key is not base64 (gossipctl keygen makes one)");
  for (const char* bad : {"{}", "[1]", "[[\"a\"]]", "\"a\"", "null", "[null]", "[\"a\",]", "[\"a\"",
                          "[\"a", "[\"a\"]x", "[,\"a\"]", "[\"a\" \"b\"]", "[\"a\n\"]"}) {
    CAPTURE(bad);
    CHECK(complaint(bad).find("expected a list of texts") != std::string::npos);
  }
}

TEST_CASE("an empty ring is an empty list") {
  CHECK(format_keyring({}) == "[]");
}

}  // namespace
}  // namespace gossip::base
