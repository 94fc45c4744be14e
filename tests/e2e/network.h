// Addresses of this test run alone: 127.61.x.y, x from the process, so that runs do not meet; and ::1, where
// there is one.
#pragma once

#include <string>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gossip::e2e {

// Different hosts for different `host`, 1 to 254.
inline std::string own_ip(int host) {
  return "127.61." + std::to_string(getpid() % 250 + 1) + "." + std::to_string(host);
}

// For doctest::skip, which asks before main.
inline bool has_ipv6() {
  const int probe = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  sockaddr_in6 loopback{};
  loopback.sin6_family = AF_INET6;
  loopback.sin6_addr = IN6ADDR_LOOPBACK_INIT;
  const bool bound =
      ::bind(probe, reinterpret_cast<const sockaddr*>(&loopback),  // NOLINT(*-reinterpret-cast)
             sizeof loopback) == 0;
  ::close(probe);
  return bound;
}

}  // namespace gossip::e2e
