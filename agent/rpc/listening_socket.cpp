#include "agent/rpc/listening_socket.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <netdb.h>

namespace gossip::agent::rpc {
namespace {

using gossip::rpc::Endpoint;
using gossip::rpc::TcpEndpoint;
using gossip::rpc::UnixEndpoint;
using runtime::Descriptor;

// `address` with what it is for: "RPC address 127.0.0.1:7373".
tl::unexpected<Error> system_failure(const std::string& address) {
  const int code = errno;
  if (code == EADDRINUSE) {
    return fail(ErrorCode::AddressInUse, "the " + address + " is in use");
  }
  const ErrorCode kind = code == EACCES ? ErrorCode::PermissionDenied : ErrorCode::System;
  return fail(kind,
              "cannot listen on the " + address + ": " + std::generic_category().message(code));
}

std::uint16_t bound_port(int descriptor, std::uint16_t asked) {
  sockaddr_storage bound{};
  socklen_t length = sizeof bound;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &length) != 0) return asked;
  if (bound.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
  return ntohs(reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port);
}

Expected<ListeningSocket> listen_on_tcp(const TcpEndpoint& endpoint, std::string_view purpose) {
  const std::string address = std::string(purpose) + " address " + gossip::rpc::to_string(endpoint);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int code =
      ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (code != 0) {
    return fail(ErrorCode::InvalidArgument,
                "cannot resolve the " + address + ": " + ::gai_strerror(code));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);

  Descriptor socket(
      ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
  if (!socket.is_open()) return system_failure(address);
  const int on = 1;
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(socket.get(), kListenBacklog) != 0) {
    return system_failure(address);
  }
  const std::uint16_t port = bound_port(socket.get(), endpoint.port);
  return ListeningSocket{TcpEndpoint{endpoint.host, port}, std::move(socket), std::nullopt};
}

}  // namespace

Expected<ListeningSocket> listen_on(const Endpoint& endpoint, SocketFileOptions options) {
  if (const auto* tcp = std::get_if<TcpEndpoint>(&endpoint)) {
    return listen_on_tcp(*tcp, options.purpose);
  }
  Expected<SocketFile> file = SocketFile::listen(std::get<UnixEndpoint>(endpoint).path, options);
  if (!file) return tl::unexpected(file.error());
  Descriptor descriptor = file->take_descriptor();
  return ListeningSocket{endpoint, std::move(descriptor), *std::move(file)};
}

}  // namespace gossip::agent::rpc
