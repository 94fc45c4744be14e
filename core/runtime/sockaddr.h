// gossip::Address to and from the system's socket addresses.
#pragma once

#include <optional>

#include <netinet/in.h>
#include <sys/socket.h>

#include "gossip/address.h"

namespace gossip::runtime {

// An IPv4 or IPv6 socket address with its length, as system calls want it.
struct SocketAddress {
  sockaddr_in6 storage{};  // the larger of the two; sockaddr_storage is four times as large
  socklen_t length = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

// AF_INET for an IPv4 address in either form, else AF_INET6.
[[nodiscard]] int family_of(const IpAddress& ip);

// For a socket of `family`: IPv4 is mapped for an IPv6 socket. Nothing if an IPv4 socket cannot reach it.
[[nodiscard]] std::optional<SocketAddress> to_socket_address(const Address& address, int family);

// IPv4 in 4 bytes, also where the system gave it mapped. Nothing for other families.
[[nodiscard]] std::optional<Address> to_address(const sockaddr* address);

// What a descriptor is bound to; nothing if the system does not say.
[[nodiscard]] std::optional<Address> bound_address(int descriptor);

}  // namespace gossip::runtime
