// Requests that need no state of their connection, carried out on the agent, with Serf's texts for what goes
// wrong (rpc.md §§4, 5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gossip/effects.h"

#include "agent/rpc/agent_control.h"
#include "rpc/protocol.h"

namespace gossip::agent::rpc {

struct Reply {
  std::string error;  // empty: done
  gossip::rpc::ResponseBody body;
};

// Those that are over at once. What only a session can do (handshake, auth, stream, monitor, stop, respond)
// and what takes time (join, leave, reload, query, keys) is not for this function.
[[nodiscard]] Reply execute(AgentControl& agent, const gossip::rpc::Request& request);

// How a join ended, and what to say when it could not begin.
[[nodiscard]] Reply reply_to(const JoinResult& result);
[[nodiscard]] std::string join_refusal(const Error& error);
[[nodiscard]] Reply reply_to(const Expected<gossip::rpc::ReloadResponse>& report);

}  // namespace gossip::agent::rpc
