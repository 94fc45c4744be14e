#include "runtime/sockets.h"

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include "runtime/sockaddr.h"

namespace gossip::runtime {

namespace {

constexpr int kPortAttempts = 10;
constexpr int kBacklog = 128;
// As upstream asks for (memberlist net_transport.go, udpRecvBufSize): halved until the system agrees.
constexpr int kReceiveBufferBytes = 2 * 1024 * 1024;

struct Kind {
  int type = 0;
  std::string_view name;
};
constexpr Kind kUdp = {SOCK_DGRAM, "UDP"};
constexpr Kind kTcp = {SOCK_STREAM, "TCP"};

Error listen_error(const Address& address, const Kind& kind, int error) {
  ErrorCode code = ErrorCode::System;
  std::string why = std::error_code(error, std::generic_category()).message();
  switch (error) {
    case EADDRINUSE:
      code = ErrorCode::AddressInUse;
      why = "address already in use";
      break;
    case EACCES:
    case EPERM: code = ErrorCode::PermissionDenied; break;
    case EADDRNOTAVAIL:
      code = ErrorCode::NotFound;
      why = "this host has no such address";
      break;
    default: break;
  }
  return {code,
          "cannot listen on " + address.to_string() + " (" + std::string(kind.name) + "): " + why};
}

bool switch_on(int descriptor, int level, int option) {
  const int on = 1;
  return setsockopt(descriptor, level, option, &on, sizeof on) == 0;
}

void grow_receive_buffer(int descriptor) {
  for (int bytes = kReceiveBufferBytes; bytes > 0; bytes /= 2) {
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) == 0) return;
  }
}

// Refusals (ICMP port unreachable) are told of only if asked for; a socket for both families needs both.
bool ask_for_refusals(int descriptor, int family) {
  if (family == AF_INET) return switch_on(descriptor, IPPROTO_IP, IP_RECVERR);
  return switch_on(descriptor, IPPROTO_IPV6, IPV6_RECVERR) &&
         switch_on(descriptor, IPPROTO_IP, IP_RECVERR);
}

bool prepare(int descriptor, int family, const Kind& kind, bool any_address) {
  if (family == AF_INET6) {
    const int only_v6 = any_address ? 0 : 1;
    if (setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof only_v6) != 0)
      return false;
  }
  if (kind.type == SOCK_STREAM) return switch_on(descriptor, SOL_SOCKET, SO_REUSEADDR);
  grow_receive_buffer(descriptor);
  return ask_for_refusals(descriptor, family);
}

tl::expected<Descriptor, int> open_socket(const Address& address, const Kind& kind) {
  const int family = family_of(address.ip);
  const std::optional<SocketAddress> name = to_socket_address(address, family);
  if (!name) return tl::unexpected(EADDRNOTAVAIL);
  Descriptor socket(::socket(family, kind.type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open() || !prepare(socket.get(), family, kind, address.ip.is_unspecified()) ||
      ::bind(socket.get(), name->get(), name->length) != 0 ||
      (kind.type == SOCK_STREAM && ::listen(socket.get(), kBacklog) != 0)) {
    return tl::unexpected(errno);
  }
  return socket;
}

}  // namespace

Expected<BoundSockets> bind_sockets(const Address& address) {
  const int attempts = address.port == 0 ? kPortAttempts : 1;
  Error last;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    tl::expected<Descriptor, int> tcp = open_socket(address, kTcp);
    if (!tcp) return tl::unexpected(listen_error(address, kTcp, tcp.error()));
    const std::optional<Address> bound = bound_address(tcp->get());
    if (!bound) return tl::unexpected(listen_error(address, kTcp, errno));
    const Address same_port{address.ip, bound->port};
    tl::expected<Descriptor, int> udp = open_socket(same_port, kUdp);
    if (udp) return BoundSockets{std::move(*udp), std::move(*tcp), same_port};
    last = listen_error(same_port, kUdp, udp.error());
    if (udp.error() != EADDRINUSE) break;
  }
  return tl::unexpected(last);
}

}  // namespace gossip::runtime
