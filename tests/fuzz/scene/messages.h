// Messages as members of the cluster might send them, drawn from a fuzzer's decisions: most of them valid, about
// the same few members, with now and then a field that no honest sender would write.
#pragma once

#include <string>

#include "gossip/address.h"
#include "gossip/bytes.h"

#include "fuzz/decisions.h"
#include "fuzz/scene/host.h"

namespace gossip::fuzz {

// Names of a few members, ours among them, and sometimes any text.
[[nodiscard]] std::string draw_name(Decisions& decisions);
// Where one of these members is.
[[nodiscard]] Address draw_address(Decisions& decisions);
// Short, of a few names.
[[nodiscard]] Tags draw_tags(Decisions& decisions);

// One message of a packet, memberlist's type byte first.
[[nodiscard]] Bytes draw_message(Decisions& decisions, const Overheard& overheard);
// The body of one stream.
[[nodiscard]] Bytes draw_stream_body(Decisions& decisions, const Overheard& overheard);

}  // namespace gossip::fuzz
