// Responses of the IPC protocol ↔ MessagePack: header and body of one are adjacent, fields sorted
// by name. Decoders take one object each and answer with nothing if its types or ranges do not fit.
#pragma once

#include <optional>

#include "gossip/bytes.h"

#include "rpc/protocol.h"

namespace gossip::rpc {

void encode_response_header(const ResponseHeader& header, Bytes& out);
// NoBody adds nothing.
void encode_response_body(const ResponseBody& body, Bytes& out);

// Nothing also if Seq or Error is missing: an agent sends both, and so a header is told from a body.
[[nodiscard]] std::optional<ResponseHeader> decode_response_header(ByteView object);
[[nodiscard]] std::optional<ResponseBody> decode_response_body(Command command, ByteView object);

}  // namespace gossip::rpc
