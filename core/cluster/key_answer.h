// Our answer to a key request (gossip-wire §9.6), as bytes: a list of keys that is too long for one packet is
// cut, as Serf cuts it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/lamport_time.h"

namespace gossip::cluster {

// What became of a key request. `message` says why it failed, or what there is to say of a success.
struct KeyAnswer {
  bool done = false;
  std::string message;
  std::vector<std::string> keys;  // base64, primary first; of a list alone
};

// The response that will carry the answer; its size counts against the limit.
struct ResponseFrame {
  LamportTime time = 0;
  std::uint32_t id = 0;
  std::string_view from;
  std::size_t limit_bytes = 0;
};

[[nodiscard]] Bytes encode_key_answer(const KeyAnswer& answer, const ResponseFrame& frame);

}  // namespace gossip::cluster
