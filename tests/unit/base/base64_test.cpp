#include "base/base64.h"

#include <string>

#include <doctest/doctest.h>

namespace gossip::base {

TEST_CASE("base64 is that of RFC 4648 §10") {
  const std::pair<const char*, const char*> pairs[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : pairs) {
    CHECK(encode_base64(as_bytes(plain)) == encoded);
    const std::optional<Bytes> decoded = decode_base64(encoded);
    REQUIRE(decoded.has_value());
    CHECK(as_text(*decoded) == plain);
  }
}

TEST_CASE("every byte and both odd letters of the alphabet come through") {
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = static_cast<std::uint8_t>(255 - i);
  const std::string text = encode_base64(all);
  CHECK(text.find('+') != std::string::npos);
  CHECK(text.find('/') != std::string::npos);
  CHECK(decode_base64(text) == all);
}

TEST_CASE("anything but strict base64 is refused") {
  for (const char* text :
       {"Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zm9v\n", "Zm 9", " Zm9",
        "Zg==Zg==", "Zm8=Zm8=", "Zm9-", "Zm9_", "Zh==", "Zm9=", "Zm9vY\n==", "Z=g="}) {
    CHECK_MESSAGE(!decode_base64(text).has_value(), text);
  }
  CHECK_FALSE(decode_base64(std::string_view("Zm9\0", 4)).has_value());
}

}  // namespace gossip::base
