// Tags ↔ the meta bytes of a member (gossip-wire §8.3).
#pragma once

#include <cstdint>

#include "gossip/bytes.h"
#include "gossip/error.h"
#include "gossip/member.h"

#include "base/msgpack.h"

namespace gossip::wire {

// Serf protocol ≥ 3: magic byte and map. Protocol 2: the bytes of tag `role` alone.
// TooLarge beyond kMaxTagsBytes, with both numbers.
[[nodiscard]] Expected<Bytes> encode_tags(const Tags& tags, std::uint8_t serf_protocol);

// Never fails: without the magic byte all bytes are the tag `role` (an empty meta gives {role: ""});
// of a damaged map what came before the damage.
[[nodiscard]] Tags decode_tags(ByteView meta);

// The map alone, as a conflict response carries it. More than kMaxTagsRead tags fail the reader; `tags` then
// has those before the damage.
inline constexpr std::size_t kMaxTagsRead = 512;
void write_tags(base::msgpack::Writer& writer, const Tags& tags);
void read_tags(base::msgpack::Reader& reader, Tags& tags);

}  // namespace gossip::wire
