#include "runtime/sockaddr.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <netinet/in.h>

namespace gossip::runtime {

int family_of(const IpAddress& ip) {
  return ip.is_v4() ? AF_INET : AF_INET6;
}

std::optional<SocketAddress> to_socket_address(const Address& address, int family) {
  SocketAddress result;
  if (family == AF_INET) {
    const IpAddress ip = address.ip.shortest();
    if (!ip.is_v4()) return std::nullopt;
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    std::memcpy(&v4.sin_addr, ip.bytes().data(), sizeof v4.sin_addr);
    std::memcpy(&result.storage, &v4, sizeof v4);
    result.length = sizeof v4;
    return result;
  }
  const IpAddress ip = address.ip.longest();
  if (ip.bytes().size() != sizeof(in6_addr)) return std::nullopt;
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(address.port);
  std::memcpy(&v6.sin6_addr, ip.bytes().data(), sizeof v6.sin6_addr);
  std::memcpy(&result.storage, &v6, sizeof v6);
  result.length = sizeof v6;
  return result;
}

std::optional<Address> to_address(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    std::array<std::uint8_t, sizeof v4.sin_addr> bytes{};
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return Address{IpAddress::v4(bytes), ntohs(v4.sin_port)};
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    std::array<std::uint8_t, sizeof v6.sin6_addr> bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return Address{IpAddress::v6(bytes).shortest(), ntohs(v6.sin6_port)};
  }
  return std::nullopt;
}

std::optional<Address> bound_address(int descriptor) {
  SocketAddress bound;
  bound.length = sizeof bound.storage;
  if (getsockname(descriptor, bound.get(), &bound.length) != 0) return std::nullopt;
  return to_address(bound.get());
}

}  // namespace gossip::runtime
