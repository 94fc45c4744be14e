#include "agent/discovery/mdns_sockets.h"

#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include "agent/system/interface.h"

namespace gossip::agent::discovery {
namespace {

constexpr std::uint16_t kMdnsPort = 5353;
constexpr std::array<std::uint8_t, 4> kGroupV4{224, 0, 0, 251};
constexpr std::array<std::uint8_t, 16> kGroupV6{0xff, 0x02, 0, 0, 0, 0, 0, 0,
                                                0,    0,    0, 0, 0, 0, 0, 0xfb};
// After so many the loop's other work has its turn.
constexpr int kMaxPacketsInARow = 64;

template <typename T>
bool set(int descriptor, int level, int option, const T& value) {
  return ::setsockopt(descriptor, level, option, &value, sizeof value) == 0;
}

runtime::SocketAddress group_address(int family, unsigned interface) {
  const IpAddress ip = family == AF_INET ? IpAddress::v4(kGroupV4) : IpAddress::v6(kGroupV6);
  runtime::SocketAddress name = *runtime::to_socket_address({ip, kMdnsPort}, family);
  if (family == AF_INET6) name.storage.sin6_scope_id = interface;
  return name;
}

runtime::SocketAddress any_address(int family) {
  const IpAddress ip = family == AF_INET ? IpAddress::v4({}) : IpAddress::v6({});
  return *runtime::to_socket_address({ip, 0}, family);
}

// What both sockets of a family send goes out on `interface`, not beyond the link, and also to this host. 255 is
// what RFC 6762 §11 wants to see.
bool prepare_sending(int descriptor, int family, unsigned interface) {
  constexpr int kHops = 255;
  constexpr int kOn = 1;
  if (family == AF_INET6) {
    return set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, kOn) &&
           set(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, kHops) &&
           set(descriptor, IPPROTO_IPV6, IPV6_UNICAST_HOPS, kHops) &&
           set(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, kOn) &&
           set(descriptor, IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(interface));
  }
  ip_mreqn out{};
  out.imr_ifindex = static_cast<int>(interface);
  return set(descriptor, IPPROTO_IP, IP_MULTICAST_TTL, kHops) &&
         set(descriptor, IPPROTO_IP, IP_TTL, kHops) &&
         set(descriptor, IPPROTO_IP, IP_MULTICAST_LOOP, kOn) &&
         (interface == 0 || set(descriptor, IPPROTO_IP, IP_MULTICAST_IF, out));
}

// Other responders of this host are in the group too: Serf agents, avahi.
bool join_group(int descriptor, int family, unsigned interface) {
  constexpr int kOn = 1;
  constexpr int kOff = 0;
  if (!set(descriptor, SOL_SOCKET, SO_REUSEADDR, kOn) ||
      !set(descriptor, SOL_SOCKET, SO_REUSEPORT, kOn)) {
    return false;
  }
  if (family == AF_INET6) {
    ipv6_mreq membership{};
    std::memcpy(&membership.ipv6mr_multiaddr, kGroupV6.data(), kGroupV6.size());
    membership.ipv6mr_interface = interface;
    return set(descriptor, IPPROTO_IPV6, IPV6_JOIN_GROUP, membership);
  }
  ip_mreqn membership{};
  std::memcpy(&membership.imr_multiaddr, kGroupV4.data(), kGroupV4.size());
  membership.imr_ifindex = static_cast<int>(interface);
  // Without the second, what others of this host have joined on other interfaces is heard as well.
  return set(descriptor, IPPROTO_IP, IP_ADD_MEMBERSHIP, membership) &&
         set(descriptor, IPPROTO_IP, IP_MULTICAST_ALL, kOff);
}

tl::expected<runtime::Descriptor, int> open_socket(Arrival arrival, int family,
                                                   unsigned interface) {
  runtime::Descriptor socket(::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const runtime::SocketAddress name =
      arrival == Arrival::Group ? group_address(family, interface) : any_address(family);
  const bool ready = socket.is_open() && prepare_sending(socket.get(), family, interface) &&
                     (arrival == Arrival::Reply || join_group(socket.get(), family, interface)) &&
                     ::bind(socket.get(), name.get(), name.length) == 0;
  if (!ready) return tl::unexpected(errno);
  return socket;
}

std::string text_of(int error) {
  return std::error_code(error, std::generic_category()).message();
}

Error family_error(int family, int error) {
  ErrorCode code = ErrorCode::System;
  if (error == EADDRINUSE) code = ErrorCode::AddressInUse;
  if (error == EACCES || error == EPERM) code = ErrorCode::PermissionDenied;
  if (error == ENODEV) code = ErrorCode::NotFound;
  return {code, std::string("cannot listen for mDNS over ") +
                    (family == AF_INET ? "IPv4" : "IPv6") + ": " + text_of(error)};
}

}  // namespace

Expected<std::unique_ptr<MdnsSockets>> MdnsSockets::open(uv_loop_t* loop,
                                                         runtime::HandleCount& count,
                                                         const Settings& settings,
                                                         Receiver& receiver,
                                                         std::vector<std::string>& notes) {
  std::unique_ptr<MdnsSockets> sockets(new MdnsSockets(receiver));
  Expected<unsigned> index = 0U;
  if (!settings.interface.empty()) index = index_of_interface(settings.interface);
  if (!index) return tl::unexpected<Error>(index.error());
  const unsigned interface = *index;
  sockets->interface_ = interface;
  std::optional<Error> first;
  const auto try_family = [&](int family) {
    Expected<void> opened = sockets->open_family(loop, count, family, interface);
    if (opened) return;
    notes.push_back(opened.error().message);
    if (!first) first = std::move(opened.error());
  };
  if (settings.ipv4) try_family(AF_INET);
  if (settings.ipv6 && interface != 0) try_family(AF_INET6);
  if (!sockets->sockets_.empty()) return sockets;
  if (first) return tl::unexpected<Error>(std::move(*first));
  return fail(ErrorCode::NotFound, "mDNS over IPv6 alone needs an interface (--mdns-iface)");
}

Expected<void> MdnsSockets::open_family(uv_loop_t* loop, runtime::HandleCount& count, int family,
                                        unsigned interface) {
  tl::expected<runtime::Descriptor, int> group = open_socket(Arrival::Group, family, interface);
  if (!group) return tl::unexpected<Error>(family_error(family, group.error()));
  tl::expected<runtime::Descriptor, int> reply = open_socket(Arrival::Reply, family, interface);
  if (!reply) return tl::unexpected<Error>(family_error(family, reply.error()));
  for (const auto& [descriptor, arrival] :
       {std::pair(&*group, Arrival::Group), std::pair(&*reply, Arrival::Reply)}) {
    Socket socket;
    socket.descriptor = std::move(*descriptor);
    socket.owner = this;
    socket.arrival = arrival;
    socket.family = family;
    const int code = watch(loop, count, std::move(socket));
    if (code != 0) return tl::unexpected<Error>(family_error(family, -code));
  }
  return {};
}

int MdnsSockets::watch(uv_loop_t* loop, runtime::HandleCount& count, Socket socket) {
  auto kept = std::make_unique<Socket>(std::move(socket));
  int code = kept->poll.open(count, kept.get(), [&](uv_poll_t* poll) {
    return uv_poll_init(loop, poll, kept->descriptor.get());
  });
  if (code != 0) return code;
  code = uv_poll_start(kept->poll.get(), UV_READABLE, [](uv_poll_t* poll, int /*status*/, int) {
    const Socket& ready = runtime::owner_of<Socket>(poll);
    ready.owner->read(ready);
  });
  if (code == 0) sockets_.push_back(std::move(kept));
  return code;
}

void MdnsSockets::read(const Socket& socket) {
  for (int i = 0; i < kMaxPacketsInARow; ++i) {
    Sender from;
    from.socket = socket.descriptor.get();
    from.address.length = sizeof from.address.storage;
    const ssize_t length = ::recvfrom(from.socket, buffer_.data(), buffer_.size(), 0,
                                      from.address.get(), &from.address.length);
    if (length < 0) return;  // nothing left, or an error that came by ICMP
    receiver_.packet_received(socket.arrival, from,
                              {buffer_.data(), static_cast<std::size_t>(length)});
  }
}

Expected<void> MdnsSockets::ask(ByteView packet) {
  bool sent = false;
  int error = 0;
  for (const std::unique_ptr<Socket>& socket : sockets_) {
    if (socket->arrival != Arrival::Reply) continue;
    const runtime::SocketAddress group = group_address(socket->family, interface_);
    if (::sendto(socket->descriptor.get(), packet.data(), packet.size(), MSG_NOSIGNAL, group.get(),
                 group.length) >= 0) {
      sent = true;
    } else if (error == 0) {
      error = errno;
    }
  }
  if (sent) return {};
  return fail(ErrorCode::System, "cannot ask for agents by mDNS: " + text_of(error));
}

void MdnsSockets::answer(const Sender& to, ByteView packet) {
  ::sendto(to.socket, packet.data(), packet.size(), MSG_NOSIGNAL, to.address.get(),
           to.address.length);
}

}  // namespace gossip::agent::discovery
