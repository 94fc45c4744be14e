#include "agent/system/interface.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include <net/if.h>

#include <ifaddrs.h>

#include "gossip/address.h"

#include "runtime/sockaddr.h"

namespace gossip::agent {
namespace {

std::optional<IpAddress> ip_of(const sockaddr* address) {
  if (address == nullptr) return std::nullopt;
  const std::optional<Address> found = runtime::to_address(address);
  return found ? std::optional(found->ip) : std::nullopt;
}

bool is_link_local(const IpAddress& ip) {
  const IpAddress shortest = ip.shortest();
  const ByteView bytes = shortest.bytes();
  if (bytes.size() == 4) return bytes[0] == 169 && bytes[1] == 254;
  return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

struct Found {
  bool interface = false;
  std::vector<IpAddress> addresses;
};

using InterfaceList = std::unique_ptr<ifaddrs, void (*)(ifaddrs*)>;

// None, with errno, if the system does not say.
InterfaceList all_interfaces() {
  ifaddrs* raw = nullptr;
  if (::getifaddrs(&raw) != 0) raw = nullptr;
  return {raw, ::freeifaddrs};
}

Expected<Found> addresses_of(const std::string& interface) {
  const InterfaceList all = all_interfaces();
  if (all == nullptr) {
    return fail(ErrorCode::System, std::string("cannot list the network interfaces: ") +
                                       std::error_code(errno, std::generic_category()).message());
  }
  Found found;
  for (const ifaddrs* at = all.get(); at != nullptr; at = at->ifa_next) {
    if (interface != at->ifa_name) continue;
    found.interface = true;
    if (const std::optional<IpAddress> ip = ip_of(at->ifa_addr)) found.addresses.push_back(*ip);
  }
  return found;
}

tl::unexpected<Error> no_interface(const std::string& name) {
  return fail(ErrorCode::NotFound, "there is no network interface \"" + name + "\"");
}

}  // namespace

Expected<unsigned> index_of_interface(const std::string& interface) {
  const unsigned index = ::if_nametoindex(interface.c_str());
  if (index == 0) return no_interface(interface);
  return index;
}

std::string interface_of(const IpAddress& ip) {
  const InterfaceList all = all_interfaces();
  for (const ifaddrs* at = all.get(); at != nullptr; at = at->ifa_next) {
    const std::optional<IpAddress> has = ip_of(at->ifa_addr);
    if (has && same_host(*has, ip)) return at->ifa_name;
  }
  return "";
}

Expected<std::string> bind_on_interface(const std::string& interface,
                                        const std::string& bind_addr) {
  const Expected<Address> bind = Address::parse(bind_addr, kDefaultPort);
  if (!bind) {
    return fail(ErrorCode::InvalidArgument,
                "an interface needs a bind address that is an IP address, not " + bind_addr);
  }
  const Expected<Found> found = addresses_of(interface);
  if (!found) return tl::unexpected<Error>(found.error());
  if (!found->interface) return no_interface(interface);
  const std::vector<IpAddress>& addresses = found->addresses;
  if (!bind->ip.is_unspecified()) {
    const bool has = std::any_of(addresses.begin(), addresses.end(),
                                 [&](const IpAddress& ip) { return same_host(ip, bind->ip); });
    if (has) return bind_addr;
    return fail(ErrorCode::InvalidArgument,
                "interface \"" + interface + "\" has no address " + bind->ip.to_string());
  }
  const auto usable = std::find_if_not(addresses.begin(), addresses.end(), is_link_local);
  if (usable == addresses.end()) {
    return fail(ErrorCode::NotFound, "interface \"" + interface + "\" has no usable address");
  }
  return Address{*usable, bind->port}.to_string();
}

}  // namespace gossip::agent
