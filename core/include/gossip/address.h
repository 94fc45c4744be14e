// Where a member can be reached. An IP address keeps the form in which it arrived: 4 bytes, or 16,
// because Serf peers compare addresses byte by byte (gossip-wire §13.4); for connecting, the 4-byte
// form and its 16-byte mapping ::ffff:a.b.c.d are the same host.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gossip/bytes.h"
#include "gossip/error.h"

namespace gossip {

class IpAddress {
 public:
  // No address at all; is_set() is false.
  constexpr IpAddress() = default;

  [[nodiscard]] static IpAddress v4(std::array<std::uint8_t, 4> bytes);
  [[nodiscard]] static IpAddress v6(std::array<std::uint8_t, 16> bytes);
  // 4 or 16 bytes in network order; any other length is none.
  [[nodiscard]] static std::optional<IpAddress> from_bytes(ByteView bytes);
  // "192.0.2.1" (4 bytes) or "2001:db8::1", without brackets, port or zone.
  [[nodiscard]] static Expected<IpAddress> parse(std::string_view text);

  [[nodiscard]] bool is_set() const { return length_ != 0; }
  // Also true for the 16-byte form of an IPv4 address.
  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] bool is_unspecified() const;  // 0.0.0.0 or ::
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] bool is_private() const;  // RFC 1918
  // In the form that arrived; empty when not set. Valid as long as this object.
  [[nodiscard]] ByteView bytes() const { return {bytes_.data(), length_}; }
  // IPv4 in 4 bytes, whatever form it came in.
  [[nodiscard]] IpAddress shortest() const;
  // IPv4 in 16 bytes (::ffff:a.b.c.d); IPv6 unchanged.
  [[nodiscard]] IpAddress longest() const;
  // IPv4 in either form as dotted quad, IPv6 as RFC 5952 has it, "" when not set.
  [[nodiscard]] std::string to_string() const;

  // Byte for byte, as Serf compares; see same_host for the other sense.
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;  // NOLINT: misread

 private:
  std::array<std::uint8_t, 16> bytes_{};
  std::uint8_t length_ = 0;
};

// Whether both name one host: the two forms of an IPv4 address are equal here.
[[nodiscard]] bool same_host(const IpAddress& a, const IpAddress& b);

inline constexpr std::uint16_t kDefaultPort = 7946;

struct Address {
  IpAddress ip;
  std::uint16_t port = 0;

  // "192.0.2.1:7946", "[2001:db8::1]:7946", or either without port, which then is `default_port`.
  // Two or more colons without brackets are a bare IPv6 address.
  [[nodiscard]] static Expected<Address> parse(std::string_view text, std::uint16_t default_port);
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Address&, const Address&) = default;
  friend auto operator<=>(const Address&, const Address&) = default;  // NOLINT: misread
};

// same_host and the same port.
[[nodiscard]] bool same_endpoint(const Address& a, const Address& b);

}  // namespace gossip
