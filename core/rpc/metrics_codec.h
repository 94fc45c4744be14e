// The body of an answer to `metrics` (rpc.md §5.13).
#pragma once

#include <optional>

#include "gossip/bytes.h"

#include "rpc/fields.h"
#include "rpc/protocol.h"

namespace gossip::rpc {

void write_metrics(MsgpackWriter& out, const MetricsResponse& body);

// Nothing for a name that Prometheus would not take, of a metric or a label.
[[nodiscard]] std::optional<MetricsResponse> decode_metrics(ByteView object);

}  // namespace gossip::rpc
