// The reading half of cluster_codec for intents, user events and push/pull.
#pragma once

#include "base/msgpack.h"
#include "wire/cluster_messages.h"
#include "wire/fields.h"

namespace gossip::wire {

// Fields that are missing keep their value; the reader fails on one that is out of its limits.
void read_fields(base::msgpack::Reader& reader, JoinIntent& message);
void read_fields(base::msgpack::Reader& reader, LeaveIntent& message);
void read_fields(base::msgpack::Reader& reader, UserEventMessage& message);
void read_fields(base::msgpack::Reader& reader, ClusterState& state);

}  // namespace gossip::wire
