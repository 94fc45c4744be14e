// The way from this host to members' addresses: whether a TCP connection opens, and how large a packet the kernel believes to
// pass. Nothing of the gossip protocol is spoken.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gossip/address.h"

namespace gossip::cli {

struct Link {
  Address address;
  std::string tcp_error;   // "" if the connection opened
  std::optional<int> mtu;  // nothing if the kernel does not say
};

// All at once as far as descriptors go, each for at most `patience`; in the order asked for.
[[nodiscard]] std::vector<Link> check_links(std::span<const Address> addresses,
                                            std::chrono::milliseconds patience);

}  // namespace gossip::cli
