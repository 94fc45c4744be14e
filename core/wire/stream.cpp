#include "wire/stream.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "wire/cluster_messages.h"
#include "wire/compress.h"
#include "wire/label.h"

namespace gossip::wire {

namespace {

// Upstream compresses every body; any reader takes a plain one as well, and a short one is not worth it.
constexpr std::size_t kMinCompressedStreamBytes = 4096;

constexpr std::size_t kTypicalRowBytes = 96;

constexpr std::size_t kFrameHeaderBytes = 5;  // type and length
constexpr std::size_t kHeadRoomBytes = kLabelHeaderBytes + kMaxLabelBytes + kFrameHeaderBytes;

constexpr std::uint8_t byte_of(MessageType type) {
  return static_cast<std::uint8_t>(type);
}

// Frame header and label: what the encryption of a stream vouches for besides the body.
Bytes associated_data(ByteView frame_header, std::string_view label) {
  Bytes data(frame_header.begin(), frame_header.end());
  base::append(as_bytes(label), data);
  return data;
}

void append_frame(ByteView plain, const Wrapping& wrapping, NonceSource& nonces, Bytes& out) {
  const std::size_t sealed_bytes = plain.size() + kSealOverheadBytes;
  GOSSIP_CHECK(sealed_bytes <= std::numeric_limits<std::uint32_t>::max());
  Bytes header = {byte_of(MessageType::Encrypt)};
  base::append_u32(static_cast<std::uint32_t>(sealed_bytes), header);
  base::append(header, out);
  wrapping.cipher->seal(plain, associated_data(header, wrapping.label), nonces.next(), out);
}

}  // namespace

Bytes encode(const PushPull& message) {
  Bytes out = {byte_of(MessageType::PushPull)};
  append(PushPullHeader{message.join, static_cast<std::int64_t>(message.nodes.size()),
                        static_cast<std::int64_t>(message.user_state.size())},
         out);
  out.reserve(out.size() + message.nodes.size() * kTypicalRowBytes + message.user_state.size());
  for (const NodeState& row : message.nodes)
    append(row, out);
  base::append(message.user_state, out);
  return out;
}

Bytes encode(const UserMessage& message) {
  Bytes out = {byte_of(MessageType::User)};
  append(UserMessageHeader{static_cast<std::int64_t>(message.body.size())}, out);
  base::append(message.body, out);
  return out;
}

Bytes seal_stream(ByteView body, StreamSide writer, const Wrapping& wrapping, NonceSource& nonces) {
  std::optional<Bytes> compressed;
  if (is_compressed(body, wrapping)) compressed = compress_stream(body);
  return seal_compressed(compressed ? ByteView(*compressed) : body, writer, wrapping, nonces);
}

bool is_compressed(ByteView body, const Wrapping& wrapping) {
  return wrapping.compression == Compression::On && body.size() >= kMinCompressedStreamBytes;
}

std::optional<Bytes> compress_stream(ByteView body) {
  return compress_message(body);
}

Bytes seal_compressed(ByteView body, StreamSide writer, const Wrapping& wrapping,
                      NonceSource& nonces) {
  Bytes out;
  out.reserve(kHeadRoomBytes + kSealOverheadBytes + body.size());
  if (writer == StreamSide::Dialler) append_label(wrapping.label, out);
  if (wrapping.cipher != nullptr) {
    append_frame(body, wrapping, nonces, out);
  } else {
    base::append(body, out);
  }
  return out;
}

StreamReader::Status StreamReader::feed(ByteView bytes, const Wrapping& wrapping) {
  if (status_ != Status::More) return status_;
  const std::size_t room = kHeadRoomBytes + kMaxStreamBytes - raw_.size();
  base::append(bytes.first(std::min(room, bytes.size())), raw_);
  Step step = Step::Next;
  while (step == Step::Next) {
    switch (stage_) {
      case Stage::Label: step = read_label(wrapping); break;
      case Stage::Frame: step = read_frame(wrapping); break;
      case Stage::Compress: step = read_compressed(); break;
      case Stage::Message: step = read_message(); break;
    }
  }
  if (step == Step::Wait && bytes.size() > room) step = fail(Drop::TooLarge);
  if (step == Step::Done) status_ = Status::Message;
  if (step == Step::Fail) status_ = Status::Broken;
  return status_;
}

std::size_t StreamReader::held_bytes() const {
  std::size_t bytes = raw_.capacity() + plain_.capacity();
  if (const auto* push_pull = std::get_if<PushPull>(&message_)) {
    bytes += push_pull->nodes.capacity() * sizeof(NodeState);
  }
  return bytes;
}

StreamReader::Step StreamReader::read_label(const Wrapping& wrapping) {
  if (raw_.empty()) return Step::Wait;
  if (raw_.front() == byte_of(MessageType::Label)) {
    if (raw_.size() < kLabelHeaderBytes) return Step::Wait;
    // All of it, also where its length shows that it is not ours: people want to read it.
    if (raw_.size() < kLabelHeaderBytes + raw_[1]) return Step::Wait;
  }
  const std::optional<Labelled> labelled = split_label(raw_);
  if (!labelled || labelled->label != wrapping.label) return fail(Drop::WrongLabel);
  skip_ = raw_.size() - labelled->rest.size();
  stage_ = Stage::Frame;
  return Step::Next;
}

StreamReader::Step StreamReader::read_frame(const Wrapping& wrapping) {
  if (body().empty()) return Step::Wait;
  const bool encrypted = body().front() == byte_of(MessageType::Encrypt);
  stage_ = Stage::Compress;
  if (!encrypted) return wrapping.cipher == nullptr ? Step::Next : fail(Drop::Plaintext);
  if (wrapping.cipher == nullptr) return fail(Drop::Undecryptable);

  base::Reader reader(body().subspan(1));
  const std::optional<std::uint32_t> length = reader.u32();
  if (length && *length > kMaxStreamBytes) return fail(Drop::TooLarge);
  if (length && *length < kSealOverheadBytes) return fail(Drop::Undecryptable);
  const std::optional<ByteView> sealed = length ? reader.take(*length) : std::nullopt;
  if (!sealed) {
    stage_ = Stage::Frame;
    return Step::Wait;
  }
  const Bytes associated = associated_data(body().first(kFrameHeaderBytes), wrapping.label);
  Bytes plain;
  if (!wrapping.cipher->open(*sealed, associated, plain)) return fail(Drop::Undecryptable);
  if (plain.empty()) return fail(Drop::Empty);
  replace_body(std::move(plain));
  return Step::Next;
}

StreamReader::Step StreamReader::read_compressed() {
  if (body().front() != byte_of(MessageType::Compress)) {
    stage_ = Stage::Message;
    return Step::Next;
  }
  std::size_t offset = 1;
  CompressHeader header;
  const Parse parsed = parse(body(), offset, header);
  if (parsed != Parse::Done) return unfinished(parsed);
  Bytes inflated;
  if (const auto result = inflate(header, kMaxStreamBytes, inflated); !result) {
    return fail(result.error());
  }
  replace_body(std::move(inflated));
  stage_ = Stage::Message;
  return Step::Next;
}

StreamReader::Step StreamReader::read_message() {
  switch (static_cast<MessageType>(body().front())) {
    case MessageType::Ping: return read_plain<Ping>();
    case MessageType::Ack: return read_plain<Ack>();
    case MessageType::Error: return read_plain<ErrorReply>();
    case MessageType::PushPull: return read_push_pull();
    case MessageType::User: return read_user_message();
    case MessageType::Compress:
    case MessageType::Encrypt: return fail(Drop::TooDeep);
    default: return fail(Drop::UnknownType);
  }
}

// A message of one map.
template <typename Message>
StreamReader::Step StreamReader::read_plain() {
  std::size_t offset = 1;
  Message message;
  const Parse parsed = parse(body(), offset, message);
  if (parsed != Parse::Done) return unfinished(parsed);
  message_ = message;
  return Step::Done;
}

StreamReader::Step StreamReader::read_push_pull() {
  if (rows_start_ == 0) {
    std::size_t offset = 1;
    const Parse parsed = parse(body(), offset, push_pull_);
    if (parsed != Parse::Done) return unfinished(parsed);
    rows_start_ = offset;
    rows_end_ = offset;
    if (unwrapped_) {
      const std::size_t typical = body().size() / kTypicalRowBytes + 1;
      rows_.reserve(std::min(typical, static_cast<std::size_t>(push_pull_.node_count)));
    }
  }
  const Step rows = read_rows();
  if (rows != Step::Next) return rows;
  const auto state_bytes = static_cast<std::size_t>(push_pull_.user_state_bytes);
  const Step state = wait_for(rows_end_ + state_bytes);
  if (state != Step::Next) return state;

  PushPull message;
  message.join = push_pull_.join;
  message.nodes = unwrapped_ ? std::move(rows_) : read_rows_again();
  message.user_state = body().subspan(rows_end_, state_bytes);
  message_ = std::move(message);
  return Step::Done;
}

// Only when all is there: while bytes are still arriving they move, and the views would not follow.
std::vector<NodeState> StreamReader::read_rows_again() const {
  std::vector<NodeState> rows(static_cast<std::size_t>(push_pull_.node_count));
  std::size_t offset = rows_start_;
  for (NodeState& row : rows)
    GOSSIP_CHECK(parse(body(), offset, row) == Parse::Done);
  return rows;
}

// Checks the rows that are complete. A row without a name is no member; if it passed, a byte on the wire
// would cost us the eighty of a row in memory.
StreamReader::Step StreamReader::read_rows() {
  while (rows_checked_ < push_pull_.node_count) {
    std::size_t offset = rows_end_;
    NodeState row;
    const Parse parsed = parse(body(), offset, row);
    if (parsed != Parse::Done) return unfinished(parsed);
    if (row.name.empty()) return fail(Drop::Malformed);
    if (unwrapped_) rows_.push_back(row);
    rows_end_ = offset;
    ++rows_checked_;
  }
  return Step::Next;
}

StreamReader::Step StreamReader::read_user_message() {
  std::size_t offset = 1;
  UserMessageHeader header;
  const Parse parsed = parse(body(), offset, header);
  if (parsed != Parse::Done) return unfinished(parsed);
  if (header.bytes == 0) return fail(Drop::Empty);
  const auto byte_count = static_cast<std::size_t>(header.bytes);
  if (byte_count > kMaxClusterMessageBytes) return fail(Drop::TooLarge);
  const Step step = wait_for(offset + byte_count);
  if (step != Step::Next) return step;
  message_ = UserMessage{body().subspan(offset, byte_count)};
  return Step::Done;
}

// A map is not complete, or cannot be. It is parsed anew when more arrives, at no great cost: `parse` takes short maps
// alone.
StreamReader::Step StreamReader::unfinished(Parse parsed) {
  if (parsed == Parse::Bad) return fail(Drop::Malformed);
  return unwrapped_ ? fail(Drop::Truncated) : Step::Wait;
}

// Until the body is `byte_count` long.
StreamReader::Step StreamReader::wait_for(std::size_t byte_count) {
  if (byte_count > kMaxStreamBytes) return fail(Drop::TooLarge);
  if (body().size() >= byte_count) return Step::Next;
  return unwrapped_ ? fail(Drop::Truncated) : Step::Wait;
}

StreamReader::Step StreamReader::fail(Drop why) {
  why_ = why;
  return Step::Fail;
}

ByteView StreamReader::body() const {
  return unwrapped_ ? ByteView(plain_) : ByteView(raw_).subspan(skip_);
}

void StreamReader::replace_body(Bytes plain) {
  plain_ = std::move(plain);
  raw_ = Bytes();
  skip_ = 0;
  unwrapped_ = true;
}

}  // namespace gossip::wire
