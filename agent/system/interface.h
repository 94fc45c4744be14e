// Which address a named network interface stands for.
#pragma once

#include <string>

#include "gossip/address.h"
#include "gossip/error.h"

namespace gossip::agent {

// What to bind to when the agent is to use `interface`: `bind_addr` itself if it names an address that the
// interface has; for 0.0.0.0 the interface's first address that is not link-local, with the same port.
// Errors name the interface: NotFound, InvalidArgument, System.
[[nodiscard]] Expected<std::string> bind_on_interface(const std::string& interface,
                                                      const std::string& bind_addr);

// Its number. NotFound, which names it.
[[nodiscard]] Expected<unsigned> index_of_interface(const std::string& interface);

// The interface that has `ip`; "" if none has.
[[nodiscard]] std::string interface_of(const IpAddress& ip);

}  // namespace gossip::agent
