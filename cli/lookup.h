// The addresses of a host by its name. Name servers may take their time and the system's call cannot be cut short, so it
// has a thread of its own, which is left to itself when nobody waits for it any more.
#pragma once

#include <memory>

#include <netdb.h>

#include "gossip/error.h"

#include "cli/waiting.h"
#include "rpc/endpoint.h"

namespace gossip::cli {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// At least one address. Unreachable: there is no such host; TimedOut: the deadline, or Ctrl-C.
[[nodiscard]] Expected<AddressList> look_up(const rpc::TcpEndpoint& target, const Waiting& waiting);

}  // namespace gossip::cli
