// Where this node listens and what it tells others: Serf's rules for bind and advertise addresses.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/address.h"
#include "gossip/engine.h"
#include "gossip/error.h"

namespace gossip::runtime {

// "ip[:port]", "[v6][:port]" or "host[:port]", whose first address is taken, waiting for the resolver.
// `what` begins the error: "bind address". InvalidArgument, NotFound.
[[nodiscard]] Expected<Address> resolve_local(std::string_view text, std::string_view what);

// One IPv4 address of this host.
struct InterfaceAddress {
  IpAddress ip;
  std::uint32_t netmask = 0;  // host byte order
  bool has_default_route = false;
};

// Those of the interfaces that are up, in the system's order.
[[nodiscard]] std::vector<InterfaceAddress> interface_addresses();

// The one that Serf advertises for 0.0.0.0 (go-sockaddr GetPrivateIP): private in the sense of RFC 6890 and
// forwardable; the interface of the default route first, then the widest network. Only IPv4, unlike there: a
// node on 0.0.0.0 cannot be reached by IPv6.
[[nodiscard]] std::optional<IpAddress> first_private(std::vector<InterfaceAddress> addresses);

struct AdvertisedAddress {
  LocalAddress local;
  std::string note;  // one line for the banner where the choice may surprise; else empty
};

// For a node bound to `bound` (with its real port); `advertise_addr` as configured, maybe empty.
[[nodiscard]] Expected<AdvertisedAddress> choose_advertised(const Address& bound,
                                                            std::string_view advertise_addr);

}  // namespace gossip::runtime
