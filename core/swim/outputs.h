// What the SWIM layer wants done, in order. `engine` turns it into packets, streams and inputs of `cluster`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gossip/address.h"
#include "gossip/bytes.h"
#include "gossip/effects.h"
#include "gossip/time.h"

#include "members/record.h"

namespace gossip::swim {

// Whether queued broadcasts may fill the rest of the packet (gossip-wire §2.4, §7.4).
enum class Piggyback : std::uint8_t { Allowed, None };

// One packet to one peer: encoded messages, type byte first; two or more make a compound.
struct Send {
  Address to;
  std::vector<Bytes> messages;
  Piggyback piggyback = Piggyback::Allowed;
  std::optional<members::Index> member;  // whose versions decide about the CRC, where known
};

// A message for everybody. It displaces a queued one about the same `subject`.
struct Broadcast {
  std::string subject;
  Bytes message;
};

// A probe's TCP fallback: connect, send this ping, await an ack with this sequence number; then
// Swim::stream_ping_answered. Silence needs no word.
struct StreamPing {
  std::uint32_t sequence = 0;
  Address to;
  std::string node;
  TimePoint give_up_at;
};

// Does anybody still listen there? Connect, hang up when it opens, then Swim::address_checked.
struct AddressCheck {
  std::uint32_t id = 0;
  Address to;
  TimePoint give_up_at;
};
enum class Listener : std::uint8_t {
  None,     // the host is there and refuses: no process has that port
  Unknown,  // somebody answered, or nothing was found out
};

// The member is alive again or new / is gone / has changed its meta
// or its address. For `cluster`, at once and in order.
struct Joined {
  members::Index member = 0;
};
struct Gone {
  members::Index member = 0;
};
struct Updated {
  members::Index member = 0;
};

// An alive claim names a known member at another address (gossip-wire §7.2 step 5).
struct Conflict {
  members::Index member = 0;
  Address other;
};

// Our own name is claimed from there, and it is not known that nobody listens: for the vote of `cluster`.
struct NameContested {
  Address other;
};

// A direct, timely ack to a probe: what network coordinates learn from (gossip-wire §11.3).
struct RoundTrip {
  members::Index member = 0;
  Duration duration{};
  Bytes payload;
};

// The layer neither probes nor counts the node any more; if `cluster` does not hold the member either, the record may go.
struct Swept {
  members::Index member = 0;
};

// Our own departure is complete (Swim::leave): enough members know of it, or there was nobody to tell.
struct Departed {};

using Output = std::variant<Send, Broadcast, StreamPing, AddressCheck, Joined, Gone, Updated,
                            Conflict, NameContested, RoundTrip, Swept, Departed, Log>;
using Outputs = std::vector<Output>;

// A line under the name that people search logs for.
inline void log(LogLevel level, std::string text, Outputs& out) {
  out.emplace_back(Log{level, "memberlist: " + std::move(text)});
}

}  // namespace gossip::swim
