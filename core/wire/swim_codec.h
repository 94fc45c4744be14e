// memberlist's messages ↔ msgpack maps: sorted keys, old raw strings (gossip-wire §1, §5).
// Decoders are total: any bytes give a message or nothing, and nothing is allocated on the way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "gossip/bytes.h"

#include "wire/swim_messages.h"

namespace gossip::wire {

// Each gives the whole message, type byte first.
[[nodiscard]] Bytes encode(const Ping& message);
[[nodiscard]] Bytes encode(const IndirectPing& message);
[[nodiscard]] Bytes encode(const Ack& message);
[[nodiscard]] Bytes encode(const Nack& message);
[[nodiscard]] Bytes encode(const ErrorReply& message);
[[nodiscard]] Bytes encode(const Suspect& message);
[[nodiscard]] Bytes encode(const Dead& message);
[[nodiscard]] Bytes encode(const Alive& message);

// Each takes the bytes after the type byte; what follows the map is ignored, as upstream does.
[[nodiscard]] std::optional<Ping> decode_ping(ByteView body);
[[nodiscard]] std::optional<IndirectPing> decode_indirect_ping(ByteView body);
[[nodiscard]] std::optional<Ack> decode_ack(ByteView body);
[[nodiscard]] std::optional<Nack> decode_nack(ByteView body);
[[nodiscard]] std::optional<ErrorReply> decode_error_reply(ByteView body);
[[nodiscard]] std::optional<Suspect> decode_suspect(ByteView body);
[[nodiscard]] std::optional<Dead> decode_dead(ByteView body);
[[nodiscard]] std::optional<Alive> decode_alive(ByteView body);

// Streams: parts of a body whose end only their own structure tells. `More`: not all has arrived yet.
enum class Parse : std::uint8_t { Done, More, Bad };

struct PushPullHeader {
  bool join = false;
  std::int64_t node_count = 0;        // checked against kMaxPushPullNodes
  std::int64_t user_state_bytes = 0;  // checked against kMaxStreamBytes
};

struct UserMessageHeader {
  std::int64_t bytes = 0;  // checked against kMaxStreamBytes
};

struct CompressHeader {
  std::uint8_t algorithm = 0;
  ByteView buffer;
};

// Each reads one map at `body[offset]` and, when Done, moves `offset` behind it. Bad also for a map of more
// than 15 entries, since a map that is not complete will be read again.
[[nodiscard]] Parse parse(ByteView body, std::size_t& offset, PushPullHeader& header);
[[nodiscard]] Parse parse(ByteView body, std::size_t& offset, NodeState& row);
[[nodiscard]] Parse parse(ByteView body, std::size_t& offset, UserMessageHeader& header);
[[nodiscard]] Parse parse(ByteView body, std::size_t& offset, CompressHeader& header);
[[nodiscard]] Parse parse(ByteView body, std::size_t& offset, Ping& ping);
[[nodiscard]] Parse parse(ByteView body, std::size_t& offset, Ack& ack);
[[nodiscard]] Parse parse(ByteView body, std::size_t& offset, ErrorReply& error);

// Appended to `out`, without a type byte.
void append(const PushPullHeader& header, Bytes& out);
void append(const NodeState& row, Bytes& out);
void append(const UserMessageHeader& header, Bytes& out);
void append(const CompressHeader& header, Bytes& out);

}  // namespace gossip::wire
