// A member of the cluster as applications see it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "gossip/address.h"

namespace gossip {

// Name to value, sorted. Both are arbitrary bytes; together they encode to at most kMaxTagsBytes.
using Tags = std::map<std::string, std::string, std::less<>>;
inline constexpr std::size_t kMaxTagsBytes = 512;

// Serf's status of a member (gossip-wire §8.4); the numbers are those of the wire.
enum class MemberStatus : std::uint8_t { None = 0, Alive = 1, Leaving = 2, Left = 3, Failed = 4 };

// "none", "alive", "leaving", "left", "failed".
[[nodiscard]] std::string_view to_string(MemberStatus status);

// The six version bytes of the wire (gossip-wire §5.1): memberlist's protocol, then Serf's ("delegate").
struct Versions {
  std::uint8_t protocol_min = 1;
  std::uint8_t protocol_max = 5;
  std::uint8_t protocol_current = 2;
  std::uint8_t delegate_min = 2;
  std::uint8_t delegate_max = 5;
  std::uint8_t delegate_current = 5;

  friend bool operator==(const Versions&, const Versions&) = default;
};

struct Member {
  std::string name;
  Address address;  // IPv4 in the form that arrived; `address.ip.shortest()` for show
  Tags tags;
  MemberStatus status = MemberStatus::None;
  Versions versions;

  friend bool operator==(const Member&, const Member&) = default;
};

}  // namespace gossip
