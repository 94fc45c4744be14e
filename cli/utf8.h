// Names, tags and payloads need not be UTF-8. This reads them one code point at a time and says what is none.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace gossip::cli {

struct CodePoint {
  std::optional<char32_t> value;  // nothing: a byte that is part of no valid sequence
  std::size_t byte_count = 1;     // 1 when there is no value
};

// The first code point of `text`, which is not empty. Overlong forms, surrogates and what lies beyond
// U+10FFFF are invalid, as in Go.
[[nodiscard]] CodePoint decode_utf8(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace gossip::cli
