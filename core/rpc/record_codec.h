// Records of streams, monitors and queries ↔ MessagePack: what follows the response to the request that began them.
#pragma once

#include <cstdint>
#include <optional>

#include "gossip/bytes.h"

#include "rpc/protocol.h"

namespace gossip::rpc {

// Header and body.
void encode_record(std::uint64_t seq, const Record& record, Bytes& out);
// A body. `starter` is Stream, Query or Monitor. Nothing also for kinds of records that are not known here.
[[nodiscard]] std::optional<Record> decode_record(Command starter, ByteView object);

}  // namespace gossip::rpc
