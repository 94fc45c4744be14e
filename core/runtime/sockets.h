// Opens the pair of sockets that a node listens on: UDP and TCP with one port. Nothing is read here.
#pragma once

#include "gossip/address.h"
#include "gossip/error.h"

#include "runtime/descriptor.h"

namespace gossip::runtime {

struct BoundSockets {
  Descriptor udp;
  Descriptor tcp;   // listening already, so that a port in use is found now
  Address address;  // with the real port
};

// Port 0: the system chooses one for TCP and UDP takes the same; another is tried, up to ten times, if that
// is taken. An IPv6 address that is not a specific one also serves IPv4, as Go's listeners do.
// Errors name the address and the protocol: AddressInUse, PermissionDenied, NotFound (not an address
// of this host), System.
[[nodiscard]] Expected<BoundSockets> bind_sockets(const Address& address);

}  // namespace gossip::runtime
