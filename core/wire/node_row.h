// A row of a push/pull in the one form in which every known sender writes it: seven fields in the order of their
// names. A state has a row for each member, so reading and writing it have code of their own; swim_codec, which
// declares the writer, falls back on the general reader for any other form.
#pragma once

#include <cstddef>

#include "gossip/bytes.h"

#include "wire/swim_messages.h"

namespace gossip::wire {

// Reads the row at `offset` and moves it behind. False, and nothing changed, if it is written in another form, has
// values out of their ranges, or is not complete.
[[nodiscard]] bool take_row(ByteView body, std::size_t& offset, NodeState& row);

}  // namespace gossip::wire
