// The cluster label in front of packets and dialled streams (gossip-wire §3.5): 244, length, label.
// memberlist has it since 2021, Serf's agent cannot set one; whoever has another label is not of our cluster.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "gossip/bytes.h"

namespace gossip::wire {

inline constexpr std::size_t kLabelHeaderBytes = 2;  // type and length; the label follows

// The header, or nothing for the empty label.
void append_label(std::string_view label, Bytes& out);

struct Labelled {
  std::string_view label;  // empty: there was no header
  ByteView rest;
};

// Takes a label header off, if there is one; nothing if it is cut short or announces an empty label.
[[nodiscard]] std::optional<Labelled> split_label(ByteView packet);

// For people, about bytes that were refused for their label: what they carry, what is ours, and what to do. The other
// side's label is cut and quoted, so that it is harmless in a line of a log.
[[nodiscard]] std::string describe_mismatch(ByteView packet, std::string_view ours);

}  // namespace gossip::wire
