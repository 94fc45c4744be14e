// The compress message: an LZW stream of another message (gossip-wire §3.2), in packets and in streams.
#pragma once

#include <cstddef>
#include <optional>

#include <tl/expected.hpp>

#include "gossip/bytes.h"
#include "gossip/stats.h"

#include "wire/swim_codec.h"

namespace gossip::wire {

// The whole compress message around `message`, or nothing if that would not be shorter.
[[nodiscard]] std::optional<Bytes> compress_message(ByteView message);

// Replaces `out` by the message inside, at most `max_bytes` of it. Errors: BadCompression, TooLarge, and
// Empty for a message of no bytes.
[[nodiscard]] tl::expected<void, Drop> inflate(const CompressHeader& header, std::size_t max_bytes,
                                               Bytes& out);

}  // namespace gossip::wire
