// What the codec tests share: the golden vectors as JSON, and damage done to messages in every place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "gossip/bytes.h"

#include "unit/test_data.h"

namespace gossip::wire::test {

using Json = nlohmann::json;

inline Json load_vectors(const std::string& file) {
  std::ifstream in(test_data("vectors/" + file));
  REQUIRE_MESSAGE(in.good(), file);
  return Json::parse(in);
}

// A message without the byte that says what it is.
inline ByteView body_of(ByteView message) {
  return message.subspan(1);
}

inline Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

inline std::string to_hex(ByteView bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const std::uint8_t byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

// The field as hex; null and a missing one are "".
inline std::string hex_field(const Json& fields, const char* key) {
  if (!fields.contains(key) || fields[key].is_null()) return {};
  return fields[key].get<std::string>();
}

inline std::string text_field(const Json& fields, const char* key) {
  return hex_field(fields, key);
}

// The field as a number; Lamport times are strings of digits, a missing one is 0.
inline std::uint64_t number_field(const Json& fields, const char* key) {
  if (!fields.contains(key)) return 0;
  if (fields[key].is_string()) return std::stoull(fields[key].get<std::string>());
  return fields[key].get<std::uint64_t>();
}

inline bool bool_field(const Json& fields, const char* key) {
  return fields.value(key, false);
}

// Calls `decode(bytes)` with every proper prefix, each in memory of its own so that a sanitizer sees a read
// beyond its end.
template <typename Decode>
void for_each_prefix(ByteView whole, Decode decode) {
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    decode(prefix);
  }
}

// Calls `decode(bytes)` with each byte replaced by a few others. Many of these still decode.
template <typename Decode>
void for_each_flip(ByteView whole, Decode decode) {
  Bytes bytes(whole.begin(), whole.end());
  for (std::uint8_t& byte : bytes) {
    const std::uint8_t before = byte;
    for (const unsigned flip : {0x01U, 0x08U, 0x10U, 0x20U, 0x40U, 0x80U, 0xffU}) {
      byte = static_cast<std::uint8_t>(before ^ flip);
      decode(bytes);
    }
    for (const unsigned tag : {0xc0U, 0xc1U, 0xc6U, 0xc9U, 0xdbU, 0xddU, 0xdfU}) {
      byte = static_cast<std::uint8_t>(tag);
      decode(bytes);
    }
    byte = before;
  }
}

}  // namespace gossip::wire::test
