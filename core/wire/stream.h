// TCP framing (gossip-wire §4): label header, compress, encrypt around one message; read as bytes arrive.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/nonce_source.h"
#include "gossip/stats.h"

#include "wire/packet.h"
#include "wire/swim_codec.h"
#include "wire/swim_messages.h"

namespace gossip::wire {

struct PushPull {
  bool join = false;
  std::vector<NodeState> nodes;
  ByteView user_state;  // a Serf push/pull message, or empty
};

struct UserMessage {
  ByteView body;  // a Serf message
};

using StreamMessage = std::variant<Ping, Ack, PushPull, UserMessage, ErrorReply>;

// The plain body of each, type byte first.
[[nodiscard]] Bytes encode(const PushPull& message);
[[nodiscard]] Bytes encode(const UserMessage& message);

// Who writes: only the dialler puts the label header in front (§4.3).
enum class StreamSide : std::uint8_t { kDialler, kAcceptor };

// A body (Ping, Ack, PushPull … encoded) as it goes on the stream.
[[nodiscard]] Bytes seal_stream(ByteView body, StreamSide writer, const Wrapping& wrapping,
                                NonceSource& nonces);

// The incoming half of one conversation. Memory grows with the bytes that arrived, never with a length that
// was announced, and work is linear in them.
class StreamReader {
 public:
  enum class Status : std::uint8_t { kMore, kMessage, kBroken };

  // `writer` is the peer's side.
  explicit StreamReader(StreamSide writer) : writer_(writer) {}

  // Bytes after the message are ignored; after kMessage or kBroken the reader is done.
  [[nodiscard]] Status feed(ByteView bytes, const Wrapping& wrapping);
  // After kMessage; views into the reader.
  [[nodiscard]] const StreamMessage& message() const { return message_; }
  // After kBroken.
  [[nodiscard]] Drop why() const { return why_; }
  // Bytes held, for the budget of all streams together.
  [[nodiscard]] std::size_t held_bytes() const { return raw_.capacity() + plain_.capacity(); }

 private:
  StreamSide writer_;
  Bytes raw_;
  Bytes plain_;
  StreamMessage message_;
  Drop why_ = Drop::kEmpty;
};

}  // namespace gossip::wire
