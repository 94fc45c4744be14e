#include "gossip/address.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

#include <arpa/inet.h>

namespace gossip {

namespace {

constexpr std::size_t kV4Bytes = 4;
constexpr std::size_t kV6Bytes = 16;
constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool has_mapped_prefix(ByteView bytes) {
  return bytes.size() == kV6Bytes &&
         std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
}

std::string v4_text(ByteView bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (!text.empty()) text += '.';
    text += std::to_string(byte);
  }
  return text;
}

// The longest run of zero groups, the first one of several; at least two groups, or nothing (RFC 5952 §4.2).
std::pair<std::size_t, std::size_t> longest_zero_run(const std::array<std::uint16_t, 8>& groups) {
  std::size_t best_start = groups.size();
  std::size_t best_count = 1;
  std::size_t count = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    count = groups[i] == 0 ? count + 1 : 0;
    if (count > best_count) {
      best_count = count;
      best_start = i + 1 - count;
    }
  }
  return {best_start, best_count};
}

std::string v6_text(ByteView bytes) {
  std::array<std::uint16_t, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i] = static_cast<std::uint16_t>((bytes[2 * i] << 8U) | bytes[2 * i + 1]);
  }
  const auto [run_start, run_count] = longest_zero_run(groups);
  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == run_start) {
      text += "::";
      i += run_count - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    std::array<char, 4> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16);
    text.append(digits.data(), end.ptr);
  }
  return text;
}

Expected<std::uint16_t> parse_port(std::string_view text, std::string_view whole) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return fail(ErrorCode::InvalidArgument, "address \"" + std::string(whole) + "\": port \"" +
                                                std::string(text) +
                                                "\" is not a number from 0 to 65535");
  }
  return port;
}

// Host and port as text; nothing for the port if there is none.
struct HostPort {
  std::string_view host;
  std::optional<std::string_view> port;
};

std::optional<HostPort> split(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    if (rest.empty()) return HostPort{host, std::nullopt};
    if (!rest.starts_with(':')) return std::nullopt;
    return HostPort{host, rest.substr(1)};
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) {
    return HostPort{text, std::nullopt};
  }
  return HostPort{text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

IpAddress IpAddress::v4(std::array<std::uint8_t, 4> bytes) {
  IpAddress address;
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  address.length_ = kV4Bytes;
  return address;
}

IpAddress IpAddress::v6(std::array<std::uint8_t, 16> bytes) {
  IpAddress address;
  address.bytes_ = bytes;
  address.length_ = kV6Bytes;
  return address;
}

std::optional<IpAddress> IpAddress::from_bytes(ByteView bytes) {
  if (bytes.size() != kV4Bytes && bytes.size() != kV6Bytes) return std::nullopt;
  IpAddress address;
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  address.length_ = static_cast<std::uint8_t>(bytes.size());
  return address;
}

Expected<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(
      text);  // inet_pton wants a terminator; a NUL inside ends it too early
  if (terminated.find('\0') == std::string::npos) {
    std::array<std::uint8_t, 4> v4_bytes{};
    if (inet_pton(AF_INET, terminated.c_str(), v4_bytes.data()) == 1) return v4(v4_bytes);
    std::array<std::uint8_t, 16> v6_bytes{};
    if (inet_pton(AF_INET6, terminated.c_str(), v6_bytes.data()) == 1) return v6(v6_bytes);
  }
  return fail(ErrorCode::InvalidArgument, "\"" + terminated + "\" is not an IP address");
}

bool IpAddress::is_v4() const {
  return length_ == kV4Bytes || has_mapped_prefix(bytes());
}

bool IpAddress::is_unspecified() const {
  const IpAddress self = shortest();
  return is_set() && std::all_of(self.bytes_.begin(), self.bytes_.end(),
                                 [](std::uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_loopback() const {
  const IpAddress self = shortest();
  if (self.length_ == kV4Bytes) return self.bytes_[0] == 127;
  return *this == v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
}

bool IpAddress::is_private() const {
  const IpAddress self = shortest();
  if (self.length_ != kV4Bytes) return false;
  const auto& b = self.bytes_;
  return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0U) == 16) || (b[0] == 192 && b[1] == 168);
}

IpAddress IpAddress::shortest() const {
  if (!has_mapped_prefix(bytes())) return *this;
  return v4({bytes_[12], bytes_[13], bytes_[14], bytes_[15]});
}

IpAddress IpAddress::longest() const {
  if (length_ != kV4Bytes) return *this;
  IpAddress address;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes_.begin());
  std::copy_n(bytes_.begin(), kV4Bytes, address.bytes_.begin() + kMappedPrefix.size());
  address.length_ = kV6Bytes;
  return address;
}

std::string IpAddress::to_string() const {
  if (!is_set()) return {};
  return is_v4() ? v4_text(shortest().bytes()) : v6_text(bytes());
}

bool same_host(const IpAddress& a, const IpAddress& b) {
  return a.shortest() == b.shortest();
}

Expected<Address> Address::parse(std::string_view text, std::uint16_t default_port) {
  const std::optional<HostPort> parts = split(text);
  if (!parts) {
    return fail(ErrorCode::InvalidArgument,
                "address \"" + std::string(text) + "\": brackets do not match");
  }
  const Expected<IpAddress> host = IpAddress::parse(parts->host);
  if (!host) return tl::unexpected(host.error());
  if (!parts->port) return Address{*host, default_port};
  const Expected<std::uint16_t> port = parse_port(*parts->port, text);
  if (!port) return tl::unexpected(port.error());
  return Address{*host, *port};
}

std::string Address::to_string() const {
  const std::string host = ip.to_string();
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool same_endpoint(const Address& a, const Address& b) {
  return a.port == b.port && same_host(a.ip, b.ip);
}

}  // namespace gossip
