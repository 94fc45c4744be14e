// What holds for every message that a decoder took: encoded, it decodes again, and to the same bytes.
#pragma once

#include "gossip/bytes.h"

#include "base/check.h"

namespace gossip::fuzz {

// `decode` takes bodies, without the type byte that encode() puts in front.
template <typename Decode>
void check_round_trip(ByteView body, Decode decode) {
  const auto message = decode(body);
  if (!message.has_value()) return;
  const Bytes once = encode(*message);
  const auto again = decode(ByteView(once).subspan(1));
  GOSSIP_CHECK(again.has_value());
  GOSSIP_CHECK(encode(*again) == once);
}

}  // namespace gossip::fuzz
