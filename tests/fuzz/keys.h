// The keys and the label of the golden vectors, so that sealed ones in a corpus open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gossip/bytes.h"

#include "base/check.h"
#include "wire/keyring.h"

namespace gossip::fuzz {

inline constexpr std::string_view kGoldenLabel = "cluster-one";

inline wire::Keyring golden_keyring() {
  wire::Keyring keyring;
  const auto add = [&](unsigned first, unsigned step, std::size_t size) {
    Bytes key;
    for (unsigned next = first; key.size() < size; next += step) {
      key.push_back(static_cast<std::uint8_t>(next & 0xff));
    }
    GOSSIP_CHECK(keyring.add(key).has_value());
  };
  for (const std::size_t size : {16U, 24U, 32U})
    add(1, 1, size);  // encrypted-packets.json
  add(0x10, 7, 16);   // encrypted-streams.json
  add(0x18, 7, 24);
  add(0x20, 7, 32);
  add(0, 1, 16);  // captures/
  return keyring;
}

}  // namespace gossip::fuzz
