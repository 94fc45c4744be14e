// TCP framing (gossip-wire §4): label header, compress, encrypt around one message; read as bytes arrive.
#pragma once

#include <cstdint>
#include <optional>
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
enum class StreamSide : std::uint8_t { Dialler, Acceptor };

// A body (Ping, Ack, PushPull … encoded) as it goes on the stream.
[[nodiscard]] Bytes seal_stream(ByteView body, StreamSide writer, const Wrapping& wrapping,
                                NonceSource& nonces);
// Its two halves: whether a body is to be compressed, and as what (nothing if that would not be shorter) …
[[nodiscard]] bool is_compressed(ByteView body, const Wrapping& wrapping);
[[nodiscard]] std::optional<Bytes> compress_stream(ByteView body);
// … and what is put around it then.
[[nodiscard]] Bytes seal_compressed(ByteView body, StreamSide writer, const Wrapping& wrapping,
                                    NonceSource& nonces);

// The incoming half of one conversation. Memory grows with the bytes that arrived, never with a length that
// was announced, and work is linear in them.
class StreamReader {
 public:
  enum class Status : std::uint8_t { More, Message, Broken };

  // `writer` is the peer's side.
  explicit StreamReader(StreamSide writer)
      : stage_(writer == StreamSide::Dialler ? Stage::Label : Stage::Frame) {}
  // The message holds views into the reader's memory, which moves along with it.
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;
  StreamReader(StreamReader&&) = default;
  StreamReader& operator=(StreamReader&&) = default;
  ~StreamReader() = default;

  // Bytes after the message are ignored; after Message or Broken the reader is done.
  [[nodiscard]] Status feed(ByteView bytes, const Wrapping& wrapping);
  // After Message; views into the reader.
  [[nodiscard]] const StreamMessage& message() const { return message_; }
  // After Broken.
  [[nodiscard]] Drop why() const { return why_; }
  // After Broken by a wrong label: what arrived, label header first.
  [[nodiscard]] ByteView raw() const { return raw_; }
  // Bytes held, for the budget of all streams together.
  [[nodiscard]] std::size_t held_bytes() const;

 private:
  // What is read next: the label header, the encryption's frame, the compression's, or the message itself.
  enum class Stage : std::uint8_t { Label, Frame, Compress, Message };
  // How a stage went.
  enum class Step : std::uint8_t { Next, Wait, Done, Fail };

  [[nodiscard]] Step read_label(const Wrapping& wrapping);
  [[nodiscard]] Step read_frame(const Wrapping& wrapping);
  [[nodiscard]] Step read_compressed();
  [[nodiscard]] Step read_message();
  template <typename Message>
  [[nodiscard]] Step read_plain();
  [[nodiscard]] Step read_push_pull();
  [[nodiscard]] Step read_rows();
  [[nodiscard]] std::vector<NodeState> read_rows_again() const;
  [[nodiscard]] Step read_user_message();
  [[nodiscard]] Step unfinished(Parse parsed);
  [[nodiscard]] Step wait_for(std::size_t byte_count);
  [[nodiscard]] Step fail(Drop why);
  [[nodiscard]] ByteView body() const;
  void replace_body(Bytes plain);

  Stage stage_;
  Status status_ = Status::More;
  Drop why_ = Drop::Empty;
  Bytes raw_;               // as it arrived; given up once a layer is off
  std::size_t skip_ = 0;    // of raw_: the label header
  Bytes plain_;             // the body without its layers, if it had any
  bool unwrapped_ = false;  // the body is plain_, and whole

  // How far a push/pull has been checked, so that no byte is looked at again when more arrive.
  PushPullHeader push_pull_;
  std::size_t rows_start_ = 0;  // 0: the header is not complete
  std::size_t rows_end_ = 0;
  std::int64_t rows_checked_ = 0;
  std::vector<NodeState> rows_;  // of a body that is whole: its bytes do not move any more

  StreamMessage message_;
};

}  // namespace gossip::wire
