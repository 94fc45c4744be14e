// One line of text for a message, as logs and the conversation scripts show it: `ping seq=7 node=b`.
#pragma once

#include <string>

#include "gossip/bytes.h"

namespace gossip::wire {

// `message` is memberlist's, unwrapped, type byte first. Never fails: what does not decode is
// `malformed ping`. Bytes of names that are no printable ASCII are written \x0a; long names are cut.
[[nodiscard]] std::string describe(ByteView message);

}  // namespace gossip::wire
