// A client's query between the protocol and the agent: what is asked, and the records that come back
// (rpc.md §§5.8, 6.3).
#pragma once

#include <string>

#include "gossip/error.h"
#include "gossip/query.h"

#include "rpc/protocol.h"

namespace gossip::agent::rpc {

// A longer timeout is cut to this.
inline constexpr Duration kMaxQueryTimeout = std::chrono::hours(24 * 365);

// InvalidArgument, in Serf's words, for a reserved name.
[[nodiscard]] Expected<QueryParams> to_params(const gossip::rpc::QueryRequest& request);

[[nodiscard]] gossip::rpc::QueryReply to_record(const QueryReply& reply);
[[nodiscard]] gossip::rpc::QueryReply to_record(const QueryDone& done);

}  // namespace gossip::agent::rpc
