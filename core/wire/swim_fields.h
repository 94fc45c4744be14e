// The reading half of swim_codec: each message's fields out of the msgpack map that is next.
#pragma once

#include "base/msgpack.h"
#include "wire/fields.h"
#include "wire/swim_codec.h"
#include "wire/swim_messages.h"

namespace gossip::wire {

// Fields that are missing keep their value; the reader fails on one that is out of its limits.
void read_fields(base::msgpack::Reader& reader, Ping& message);
void read_fields(base::msgpack::Reader& reader, IndirectPing& message);
void read_fields(base::msgpack::Reader& reader, Ack& message);
void read_fields(base::msgpack::Reader& reader, Nack& message);
void read_fields(base::msgpack::Reader& reader, ErrorReply& message);
void read_fields(base::msgpack::Reader& reader, Suspect& message);
void read_fields(base::msgpack::Reader& reader, Dead& message);
void read_fields(base::msgpack::Reader& reader, Alive& message);
void read_fields(base::msgpack::Reader& reader, NodeState& row);
void read_fields(base::msgpack::Reader& reader, PushPullHeader& header);
void read_fields(base::msgpack::Reader& reader, UserMessageHeader& header);
void read_fields(base::msgpack::Reader& reader, CompressHeader& header);

}  // namespace gossip::wire
