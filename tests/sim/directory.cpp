#include "sim/directory.h"

#include <charconv>

namespace gossip::sim {
namespace {

constexpr std::uint8_t kNetwork = 10;

std::uint32_t number_of(const IpAddress& ip) {
  const ByteView bytes = ip.bytes();
  if (bytes.size() != 4 || bytes[0] != kNetwork) return kNobody;
  return std::uint32_t{bytes[1]} << 16U | std::uint32_t{bytes[2]} << 8U | bytes[3];
}

}  // namespace

Directory::Directory(std::uint32_t host_count) : hosts_(host_count), owners_(1, kNobody) {
  for (HostId host = 0; host < host_count; ++host)
    give_address(host);
}

void Directory::give_address(HostId host) {
  const std::size_t number = owners_.size();
  owners_.push_back(host);
  hosts_[host].address = {
      IpAddress::v4({kNetwork, static_cast<std::uint8_t>(number >> 16U),
                     static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)}),
      kDefaultPort};
}

HostId Directory::host_at(const Address& address) const {
  const std::uint32_t number = number_of(address.ip.shortest());
  return number < owners_.size() && address.port == kDefaultPort ? owners_[number] : kNobody;
}

Presence Directory::presence(HostId host) const {
  if (host == kNobody || !hosts_[host].has_power) return Presence::Nobody;
  return hosts_[host].runs ? Presence::Process : Presence::NoProcess;
}

void Directory::process_started(HostId host) {
  hosts_[host].runs = true;
  ++hosts_[host].run;
}

void Directory::move(HostId host) {
  owners_[number_of(hosts_[host].address.ip)] = kNobody;
  give_address(host);
}

std::string host_name(HostId host) {
  return "n" + std::to_string(host);
}

HostId host_named(std::string_view name) {
  if (name.size() < 2 || name.front() != 'n' || (name[1] == '0' && name.size() > 2)) return kNobody;
  HostId host = kNobody;
  const char* const end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + 1, end, host);
  return error == std::errc{} && rest == end ? host : kNobody;
}

}  // namespace gossip::sim
