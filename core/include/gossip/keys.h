// Changing the encryption keys of a whole cluster (gossip-wire §9.6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gossip/bytes.h"

namespace gossip {

enum class KeyAction : std::uint8_t { List, Install, Use, Remove };

// AES-128, -192 and -256.
[[nodiscard]] constexpr bool is_key_size(std::size_t bytes) {
  return bytes == 16 || bytes == 24 || bytes == 32;
}

struct KeyCommand {
  KeyAction action = KeyAction::List;
  Bytes key;  // empty for List
  std::uint8_t relay_factor = 0;
};

// How a key command went. It failed if `error_count` is not 0, or `response_count` less than `node_count`.
struct KeyResult {
  // Members alive when it was asked, ourselves included, without those that have died meanwhile.
  std::uint32_t node_count = 0;
  std::uint32_t response_count = 0;  // of them, those that answered
  std::uint32_t error_count = 0;
  std::map<std::string, std::string> messages;  // by member; also of successes that say something
  std::map<std::string, std::uint32_t> keys;    // base64 to how many have it; after List alone
  std::map<std::string, std::uint32_t>
      primaries;                    // base64 to how many seal with it; after List alone
  std::vector<std::string> silent;  // did not answer; sorted
};

}  // namespace gossip
