#include "cli/links.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/check.h"

namespace gossip::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SocketAddress to_socket_address(const Address& address) {
  SocketAddress made;
  const IpAddress ip = address.ip.shortest();
  if (ip.bytes().size() == sizeof(in_addr)) {
    auto* const v4 = reinterpret_cast<sockaddr_in*>(&made.storage);
    v4->sin_family = AF_INET;
    v4->sin_port = htons(address.port);
    std::memcpy(&v4->sin_addr, ip.bytes().data(), sizeof(in_addr));
    made.length = sizeof(sockaddr_in);
  } else {
    auto* const v6 = reinterpret_cast<sockaddr_in6*>(&made.storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address.port);
    std::memcpy(&v6->sin6_addr, ip.bytes().data(), ip.bytes().size());
    made.length = sizeof(sockaddr_in6);
  }
  return made;
}

// Of the route, or smaller where the kernel has learnt so.
std::optional<int> mtu_to(const SocketAddress& to) {
  const bool v4 = to.storage.ss_family == AF_INET;
  const Descriptor socket(::socket(to.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0 || ::connect(socket.get(), to.get(), to.length) != 0) return std::nullopt;
  int mtu = 0;
  socklen_t length = sizeof mtu;
  const int failed = v4 ? ::getsockopt(socket.get(), IPPROTO_IP, IP_MTU, &mtu, &length)
                        : ::getsockopt(socket.get(), IPPROTO_IPV6, IPV6_MTU, &mtu, &length);
  return failed == 0 ? std::optional(mtu) : std::nullopt;
}

std::string reason_of(int error) {
  return error == 0 ? "" : std::generic_category().message(error);
}

// A connection that may still be opening; nothing once it is known what became of it.
std::optional<Descriptor> begin(const SocketAddress& to, Link& link) {
  Descriptor socket(::socket(to.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0) {
    link.tcp_error = reason_of(errno);
    return std::nullopt;
  }
  if (::connect(socket.get(), to.get(), to.length) == 0) return std::nullopt;
  if (errno == EINPROGRESS) return socket;
  link.tcp_error = reason_of(errno);
  return std::nullopt;
}

int error_of(int socket) {
  int error = 0;
  socklen_t length = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

// Connections that are opening, and what poll is to watch: first the interrupts, then each of them.
struct Opening {
  std::vector<pollfd> polled;
  std::vector<std::pair<Descriptor, Link*>> links;
  std::size_t open = 0;

  void take_ready() {
    for (std::size_t i = 0; i < links.size(); ++i) {
      pollfd& one = polled[i + 1];
      if (one.fd < 0 || one.revents == 0) continue;
      links[i].second->tcp_error = reason_of(error_of(one.fd));
      one.fd = -1;  // poll passes over it
      --open;
    }
  }
};

Expected<void> wait_for(Opening& opening, const Patience& patience) {
  const auto enough = steady_clock::now() + patience.each;
  const auto end = patience.until ? std::min(enough, *patience.until) : enough;
  while (opening.open > 0) {
    const auto pause = std::min(end, steady_clock::now() + std::chrono::seconds(1));
    const int ready =
        ::poll(opening.polled.data(), opening.polled.size(), milliseconds_until(pause));
    if (ready < 0 && errno != EINTR) {
      return fail(ErrorCode::System, "cannot wait for connections: " + reason_of(errno));
    }
    const bool interrupted = ready > 0 && opening.polled.front().revents != 0;
    if (interrupted) return fail(ErrorCode::TimedOut, "interrupted");
    if (ready > 0) opening.take_ready();
    if (ready == 0) patience.waits();
    if (steady_clock::now() >= end) break;
  }
  if (opening.open == 0 || end == enough) return {};
  return fail(ErrorCode::TimedOut, "not all links could be tried in time (--timeout)");
}

}  // namespace

Expected<std::vector<Link>> check_links(std::span<const Address> addresses,
                                        const Patience& patience) {
  GOSSIP_CHECK(addresses.size() <= kMaxLinksAtOnce);
  std::vector<Link> links;
  links.reserve(addresses.size());
  Opening opening;
  opening.polled.push_back({patience.interrupts, POLLIN, 0});
  for (const Address& address : addresses) {
    Link& link = links.emplace_back(Link{address, "", std::nullopt});
    const SocketAddress to = to_socket_address(address);
    link.mtu = mtu_to(to);
    if (std::optional<Descriptor> socket = begin(to, link)) {
      link.tcp_error = reason_of(ETIMEDOUT);  // until it is known better
      opening.polled.push_back({socket->get(), POLLOUT, 0});
      opening.links.emplace_back(std::move(*socket), &link);
      ++opening.open;
    }
  }
  const Expected<void> waited = wait_for(opening, patience);
  if (!waited) return tl::unexpected(waited.error());
  return links;
}

}  // namespace gossip::cli
