// Encryption keys as people and files write them: one key in base64, a ring as Serf's keyring file has it, a
// JSON list of such texts with the primary first. The one reader and writer of both, for the daemon's
// configuration and for embedded nodes alike. Errors never show a key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/error.h"

namespace gossip::base {

// InvalidArgument unless base64 of 16, 24 or 32 bytes.
[[nodiscard]] Expected<Bytes> parse_key(std::string_view text);

// At least one key. InvalidArgument; the message begins with `path`, and with the line where it is no list.
[[nodiscard]] Expected<std::vector<Bytes>> parse_keyring(std::string_view text,
                                                         std::string_view path);

// As Serf writes it: two spaces of indent, no final newline.
[[nodiscard]] std::string format_keyring(const std::vector<Bytes>& keys);

}  // namespace gossip::base
