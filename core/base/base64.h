// Keys as text: base64 with the standard alphabet and padding (RFC 4648 §4), the form in which Serf takes,
// lists and stores them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gossip/bytes.h"

namespace gossip::base {

[[nodiscard]] std::string encode_base64(ByteView bytes);

// Nothing unless `text` is exactly what encode_base64 gives for some bytes: no white space, no missing
// padding, no stray bits in the last character.
[[nodiscard]] std::optional<Bytes> decode_base64(std::string_view text);

}  // namespace gossip::base
