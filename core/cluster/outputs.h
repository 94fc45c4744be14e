// What the Serf layer wants done, in order. `engine` turns it into broadcasts, packets and effects.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "gossip/address.h"
#include "gossip/bytes.h"
#include "gossip/effects.h"
#include "gossip/event.h"
#include "gossip/keys.h"
#include "gossip/query.h"

#include "members/record.h"

namespace gossip::cluster {

// Serf's three queues; packets take intents first, then queries, then events (gossip-wire §2.4, §8.9).
enum class Queue : std::uint8_t { Intents, Queries, Events };

// A Serf message (its type byte first) for everybody. A `ticket` that is not 0 comes back when the message has been
// sent often enough, from Outbox::take_done to `engine`, which gave it.
struct Broadcast {
  Queue queue = Queue::Intents;
  Bytes message;
  std::uint32_t ticket = 0;
};

// A Serf message to one member, as a user packet of its own, without piggyback.
struct SendDirect {
  Address to;
  Bytes message;
};

struct Published {
  Event event;
};

// Try one failed member: a push/pull with Join set, no join intent.
struct Reconnect {
  members::Index member = 0;
};

// The layer has erased the member (reaped or pruned); if `swim` does not hold it either, the record may go.
struct Reaped {
  members::Index member = 0;
};

// A member, or this node, asks for the keys or a change of them: Cluster::answer_keys when it is made.
struct KeyRequested {
  QueryToken query = 0;
  KeyCommand command;
};

// What became of Cluster::ask_keys.
struct KeysAnswered {
  KeyResult result;
};

using Output = std::variant<Broadcast, SendDirect, Published, QueryReply, QueryDone, KeyRequested,
                            KeysAnswered, Reconnect, Reaped, Stop, Log>;
using Outputs = std::vector<Output>;

}  // namespace gossip::cluster
