// Requests of the IPC protocol ↔ MessagePack. The encoder appends a whole request, header and body adjacent,
// fields sorted by name; decoders take one object each, as the reader found it, and answer with nothing if
// its types or ranges do not fit. Unknown fields are skipped, missing ones are zero (rpc.md §2).
#pragma once

#include <cstdint>
#include <optional>

#include "gossip/bytes.h"

#include "rpc/protocol.h"

namespace gossip::rpc {

void encode_request(std::uint64_t seq, const Request& request, Bytes& out);
[[nodiscard]] std::optional<RequestHeader> decode_request_header(ByteView object);
// Of a command without body it is the request itself, and `object` is not looked at.
[[nodiscard]] std::optional<Request> decode_request(Command command, ByteView object);

}  // namespace gossip::rpc
