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

#include "cli/socket.h"

namespace gossip::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// So many connections are opened at once.
constexpr std::size_t kMaxAtOnce = 128;

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

std::string describe(int error) {
  return error == 0 ? "" : std::generic_category().message(error);
}

// A connection that may still be opening; nothing once it is known what became of it.
std::optional<Descriptor> begin(const SocketAddress& to, Link& link) {
  Descriptor socket(::socket(to.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0) {
    link.tcp_error = describe(errno);
    return std::nullopt;
  }
  if (::connect(socket.get(), to.get(), to.length) == 0) return std::nullopt;
  if (errno == EINPROGRESS) return socket;
  link.tcp_error = describe(errno);
  return std::nullopt;
}

int error_of(int socket) {
  int error = 0;
  socklen_t length = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

void check_some(std::span<Link> links, milliseconds patience) {
  std::vector<pollfd> polled;
  std::vector<std::pair<Descriptor, Link*>> opening;
  for (Link& link : links) {
    const SocketAddress to = to_socket_address(link.address);
    link.mtu = mtu_to(to);
    if (std::optional<Descriptor> socket = begin(to, link)) {
      link.tcp_error = describe(ETIMEDOUT);  // until it is known better
      polled.push_back({socket->get(), POLLOUT, 0});
      opening.emplace_back(std::move(*socket), &link);
    }
  }
  const auto end = steady_clock::now() + patience;
  std::size_t open = polled.size();
  while (open > 0) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
    if (left <= 0) return;
    const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(left));
    if (ready < 0 && errno != EINTR) return;
    for (std::size_t i = 0; ready > 0 && i < polled.size(); ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      opening[i].second->tcp_error = describe(error_of(polled[i].fd));
      polled[i].fd = -1;  // poll passes over it
      --open;
    }
  }
}

}  // namespace

std::vector<Link> check_links(std::span<const Address> addresses, milliseconds patience) {
  std::vector<Link> links;
  for (const Address& address : addresses)
    links.push_back({address, "", std::nullopt});
  for (std::size_t i = 0; i < links.size(); i += kMaxAtOnce) {
    check_some(std::span(links).subspan(i, std::min(kMaxAtOnce, links.size() - i)), patience);
  }
  return links;
}

}  // namespace gossip::cli
