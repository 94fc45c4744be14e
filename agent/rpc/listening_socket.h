// A socket that an RPC address names, bound and listening, before libuv takes it: so that a start that fails
// leaves nothing behind.
#pragma once

#include <optional>

#include "gossip/error.h"

#include "agent/rpc/socket_file.h"
#include "rpc/endpoint.h"
#include "runtime/descriptor.h"

namespace gossip::agent::rpc {

struct ListeningSocket {
  gossip::rpc::Endpoint endpoint;  // with the real port
  runtime::Descriptor descriptor;
  std::optional<SocketFile> file;  // of a Unix socket
};

// Host names take their first address. Errors as of Listener::open.
[[nodiscard]] Expected<ListeningSocket> listen_on(const gossip::rpc::Endpoint& endpoint,
                                                  SocketFileOptions options);

}  // namespace gossip::agent::rpc
