#include "runtime/local_address.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <ifaddrs.h>

#include "runtime/descriptor.h"
#include "runtime/resolver.h"
#include "runtime/sockaddr.h"

namespace gossip::runtime {

namespace {

// What RFC 6890 lists and go-sockaddr does not hold for impossible to forward (rfc.go, ForwardingBlacklist).
struct Block {
  std::array<std::uint8_t, 4> network;
  unsigned bits;
};
constexpr std::array<Block, 6> kPrivateBlocks = {{{{10, 0, 0, 0}, 8},
                                                  {{100, 64, 0, 0}, 10},
                                                  {{172, 16, 0, 0}, 12},
                                                  {{192, 88, 99, 0}, 24},
                                                  {{192, 168, 0, 0}, 16},
                                                  {{198, 18, 0, 0}, 15}}};

std::uint32_t number_of(ByteView four_bytes) {
  std::uint32_t number = 0;
  for (const std::uint8_t byte : four_bytes) {
    number = number << 8U | byte;
  }
  return number;
}

bool is_in(const IpAddress& ip, const Block& block) {
  const unsigned host_bits = 32 - block.bits;
  return number_of(ip.bytes()) >> host_bits == number_of(block.network) >> host_bits;
}

bool is_private(const IpAddress& ip) {
  return ip.bytes().size() == 4 &&
         std::any_of(kPrivateBlocks.begin(), kPrivateBlocks.end(),
                     [&ip](const Block& block) { return is_in(ip, block); });
}

// The interface of "default via …" in the IPv4 routing table; empty if there is none.
std::string default_interface() {
  constexpr unsigned kGatewayFlag = 2;  // RTF_GATEWAY
  std::ifstream routes("/proc/net/route");
  std::string line;
  std::getline(routes, line);  // the heading
  while (std::getline(routes, line)) {
    std::istringstream fields(line);
    std::string interface;
    std::string destination;
    std::string gateway;
    unsigned flags = 0;
    fields >> interface >> destination >> gateway >> std::hex >> flags;
    if (destination == "00000000" && (flags & kGatewayFlag) != 0) return interface;
  }
  return {};
}

// Our end of the way to `destination`, which is sent nothing.
std::optional<IpAddress> address_towards(std::string_view destination) {
  const Expected<IpAddress> ip = IpAddress::parse(destination);
  if (!ip) return std::nullopt;
  const int family = family_of(*ip);
  const std::optional<SocketAddress> target = to_socket_address({*ip, 9}, family);
  const Descriptor socket(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!target || !socket.is_open() || ::connect(socket.get(), target->get(), target->length) != 0) {
    return std::nullopt;
  }
  const std::optional<Address> ours = bound_address(socket.get());
  if (!ours || ours->ip.is_loopback() || ours->ip.is_unspecified()) return std::nullopt;
  return ours->ip;
}

std::optional<IpAddress> default_route_address(const IpAddress& bound) {
  // Addresses for documentation (RFC 5737, RFC 3849): nobody's, so the way there is the default route.
  if (!bound.is_v4()) {
    if (std::optional<IpAddress> ip = address_towards("2001:db8:ffff::1")) return ip;
  }
  return address_towards("198.51.100.1");
}

AdvertisedAddress for_any_address(const Address& bound) {
  AdvertisedAddress result;
  result.local.bind_port = bound.port;
  result.local.advertised.port = bound.port;
  std::string why = "bound to " + bound.ip.to_string();
  if (bound.ip.is_v4()) {
    if (const std::optional<IpAddress> ip = first_private(interface_addresses())) {
      // 16 bytes here and only here, as Serf's come out of Go's ParseIP (gossip-wire §13.4).
      result.local.advertised.ip = ip->longest();
      return result;
    }
    why += ", and no private address found";
  }
  if (const std::optional<IpAddress> ip = default_route_address(bound.ip)) {
    result.local.advertised.ip = *ip;
    result.note = why + ": advertising " + ip->to_string() +
                  ", the address of the default route; set an advertise address if others reach "
                  "this host by another one";
    return result;
  }
  const char* const loopback = bound.ip.is_v4() ? "127.0.0.1" : "::1";
  result.local.advertised.ip = *IpAddress::parse(loopback);
  result.note = why + ", nor a default route: advertising " + loopback +
                ", which only this host can reach; set an advertise address";
  return result;
}

}  // namespace

Expected<Address> resolve_local(std::string_view text, std::string_view what) {
  const auto explain = [what, text](const Error& error) {
    return fail(error.code, "invalid " + std::string(what) + " \"" + std::string(text) +
                                "\": " + error.message);
  };
  if (text.find('/') != std::string_view::npos) {
    return explain({ErrorCode::InvalidArgument, "a slash does not belong there"});
  }
  const Expected<HostAndPort> target = parse_target(text, kDefaultPort);
  if (!target) return explain(target.error());
  Expected<std::vector<Address>> found = resolve_now(*target);
  if (!found) return explain(found.error());
  return found->front();
}

std::vector<InterfaceAddress> interface_addresses() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, &freeifaddrs);
  const std::string default_name = default_interface();
  std::vector<InterfaceAddress> addresses;
  for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || each->ifa_addr->sa_family != AF_INET) continue;
    if ((each->ifa_flags & IFF_UP) == 0) continue;
    const std::optional<Address> address = to_address(each->ifa_addr);
    const std::optional<Address> mask =
        each->ifa_netmask == nullptr ? std::nullopt : to_address(each->ifa_netmask);
    if (!address) continue;
    addresses.push_back({address->ip, mask ? number_of(mask->ip.bytes()) : 0xffffffffU,
                         !default_name.empty() && default_name == each->ifa_name});
  }
  return addresses;
}

std::optional<IpAddress> first_private(std::vector<InterfaceAddress> addresses) {
  std::erase_if(addresses, [](const InterfaceAddress& each) { return !is_private(each.ip); });
  const auto first = std::min_element(addresses.begin(), addresses.end(),
                                      [](const InterfaceAddress& a, const InterfaceAddress& b) {
                                        if (a.has_default_route != b.has_default_route)
                                          return a.has_default_route;
                                        return a.netmask < b.netmask;
                                      });
  if (first == addresses.end()) return std::nullopt;
  return first->ip;
}

Expected<AdvertisedAddress> choose_advertised(const Address& bound,
                                              std::string_view advertise_addr) {
  if (!advertise_addr.empty()) {
    const Expected<Address> address = resolve_local(advertise_addr, "advertise address");
    if (!address) return tl::unexpected(address.error());
    if (address->ip.is_unspecified()) {
      return fail(
          ErrorCode::InvalidArgument,
          "invalid advertise address \"" + std::string(advertise_addr) + "\": nobody can reach it");
    }
    const std::uint16_t port = address->port != 0 ? address->port : bound.port;
    return AdvertisedAddress{{{address->ip.shortest(), port}, bound.port}, {}};
  }
  if (bound.ip.is_unspecified()) return for_any_address(bound);
  return AdvertisedAddress{{{bound.ip.shortest(), bound.port}, bound.port}, {}};
}

}  // namespace gossip::runtime
