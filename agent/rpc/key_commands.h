// install-key, use-key, remove-key and list-keys between the protocol and the agent (rpc.md §5.10).
#pragma once

#include "gossip/error.h"
#include "gossip/keys.h"

#include "agent/rpc/commands.h"
#include "rpc/protocol.h"

namespace gossip::agent::rpc {

// InvalidArgument, in Go's words, for what is no base64.
[[nodiscard]] Expected<KeyCommand> to_command(const gossip::rpc::KeyRequest& request);

// How it went; the body goes with failures too.
[[nodiscard]] Reply reply_to(KeyAction action, const KeyResult& result);

}  // namespace gossip::agent::rpc
