#include "base/base64.h"

#include <algorithm>

#include <nettle/base64.h>

namespace gossip::base {

namespace {

bool in_alphabet(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

// Nettle skips white space wherever it stands, so the form is checked first.
bool is_strict(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  std::size_t body_chars = text.size();
  for (int i = 0; i < 2 && body_chars > 0 && text[body_chars - 1] == '='; ++i)
    --body_chars;
  return std::ranges::all_of(text.substr(0, body_chars), in_alphabet);
}

}  // namespace

std::string encode_base64(ByteView bytes) {
  std::string text(BASE64_ENCODE_RAW_LENGTH(bytes.size()), '\0');
  base64_encode_raw(text.data(), bytes.size(), bytes.data());
  return text;
}

std::optional<Bytes> decode_base64(std::string_view text) {
  if (!is_strict(text)) return std::nullopt;
  base64_decode_ctx context{};
  base64_decode_init(&context);
  Bytes bytes(BASE64_DECODE_LENGTH(text.size()));
  std::size_t byte_count = bytes.size();
  if (base64_decode_update(&context, &byte_count, bytes.data(), text.size(), text.data()) != 1 ||
      base64_decode_final(&context) != 1) {
    return std::nullopt;
  }
  bytes.resize(byte_count);
  return bytes;
}

}  // namespace gossip::base
