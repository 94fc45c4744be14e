#include "wire/stream.h"

#include <algorithm>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "unit/wire/fixed_nonces.h"
#include "wire/cluster_messages.h"
#include "wire/compress.h"
#include "wire/lzw.h"

namespace gossip::wire {

namespace {

using Status = StreamReader::Status;
using test::FixedNonces;

const Bytes kAddress = {192, 0, 2, 1};

Cipher cipher_with(std::uint8_t byte) {
  Keyring ring;
  REQUIRE(ring.add(Bytes(16, byte)));
  return Cipher(ring);
}

NodeState row_of(const std::string& name) {
  NodeState row;
  row.name = name;
  row.address = kAddress;
  row.port = 7946;
  row.incarnation = 5;
  return row;
}

// A push/pull of `names`, with "state" as Serf's part.
Bytes push_pull_of(const std::vector<std::string>& names) {
  PushPull message;
  message.join = true;
  for (const std::string& name : names)
    message.nodes.push_back(row_of(name));
  message.user_state = as_bytes("state");
  return encode(message);
}

std::vector<std::string> many_names(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i)
    names.push_back("node-" + std::to_string(i));
  return names;
}

Bytes user_message_of(ByteView body) {
  return encode(UserMessage{body});
}

// Feeds `bytes` in pieces of `piece_bytes`, and stops with the first answer that is not More.
Status feed(StreamReader& reader, ByteView bytes, const Wrapping& wrapping,
            std::size_t piece_bytes) {
  Status status = Status::More;
  while (!bytes.empty() && status == Status::More) {
    const std::size_t size = std::min(piece_bytes, bytes.size());
    const Bytes piece(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    status = reader.feed(piece, wrapping);
    bytes = bytes.subspan(size);
  }
  return status;
}

// Why a stream that a dialler wrote is refused.
Drop why_broken(ByteView bytes, const Wrapping& wrapping = {}) {
  StreamReader reader(StreamSide::Dialler);
  REQUIRE(feed(reader, bytes, wrapping, 64 * 1024) == Status::Broken);
  CHECK(reader.feed(bytes, wrapping) == Status::Broken);
  return reader.why();
}

// A push/pull or user message header alone, its lengths as given.
Bytes push_pull_header(std::int64_t nodes, std::int64_t state_bytes) {
  Bytes out = {6};
  append(PushPullHeader{false, nodes, state_bytes}, out);
  return out;
}
Bytes user_message_header(std::int64_t bytes) {
  Bytes out = {8};
  append(UserMessageHeader{bytes}, out);
  return out;
}

}  // namespace

TEST_CASE("every combination of wrappers reads as what was sealed, in pieces of any size") {
  Cipher cipher = cipher_with(1);
  FixedNonces nonces;
  const std::vector<std::string> names = many_names(100);
  const Bytes body = push_pull_of(names);
  for (const std::string_view label : {"", "blue"}) {
    for (Cipher* const sealing : {static_cast<Cipher*>(nullptr), &cipher}) {
      for (const Compression compression : {Compression::Off, Compression::On}) {
        for (const StreamSide writer : {StreamSide::Dialler, StreamSide::Acceptor}) {
          const Wrapping wrapping{label, compression, sealing};
          const Bytes stream = seal_stream(body, writer, wrapping, nonces);
          for (const std::size_t piece_bytes : {1U, 7U, 1000U, 100'000U}) {
            StreamReader reader(writer);
            REQUIRE(feed(reader, stream, wrapping, piece_bytes) == Status::Message);
            const StreamReader moved = std::move(reader);
            const auto& message = std::get<PushPull>(moved.message());
            REQUIRE(message.nodes.size() == names.size());
            REQUIRE(message.nodes.front().name == names.front());
            REQUIRE(message.nodes.back().name == names.back());
            REQUIRE(as_text(message.user_state) == "state");
          }
        }
      }
    }
  }
}

TEST_CASE("pings, acks and errors are read from streams") {
  StreamReader ping(StreamSide::Dialler);
  Ping message;
  message.sequence = 7;
  message.node = "b";
  REQUIRE(feed(ping, encode(message), {}, 1) == Status::Message);
  CHECK(std::get<Ping>(ping.message()).node == "b");
  StreamReader ack(StreamSide::Acceptor);
  REQUIRE(feed(ack, encode(Ack{7, {}}), {}, 1) == Status::Message);
  CHECK(std::get<Ack>(ack.message()).sequence == 7);
  StreamReader error(StreamSide::Acceptor);
  REQUIRE(feed(error, encode(ErrorReply{"no"}), {}, 1) == Status::Message);
  CHECK(std::get<ErrorReply>(error.message()).error == "no");
}

TEST_CASE("bytes after the message are ignored") {
  Bytes stream = user_message_of(as_bytes("hello"));
  stream.insert(stream.end(), 1000, 0xff);
  StreamReader reader(StreamSide::Dialler);
  REQUIRE(reader.feed(stream, {}) == Status::Message);
  CHECK(as_text(std::get<UserMessage>(reader.message()).body) == "hello");
  CHECK(reader.feed(stream, {}) == Status::Message);
  CHECK(as_text(std::get<UserMessage>(reader.message()).body) == "hello");
}

TEST_CASE("only long bodies are compressed") {
  FixedNonces nonces;
  const Wrapping wrapping{{}, Compression::On, nullptr};
  const Bytes small = user_message_of(Bytes(4000, 'x'));
  const Bytes large = user_message_of(Bytes(4100, 'x'));
  CHECK(seal_stream(small, StreamSide::Dialler, wrapping, nonces) == small);
  CHECK(seal_stream(large, StreamSide::Dialler, wrapping, nonces).front() == 9);
  CHECK(seal_stream(large, StreamSide::Dialler, {}, nonces) == large);
}

TEST_CASE("only a dialler names its cluster, and it must be ours") {
  FixedNonces nonces;
  const Bytes body = user_message_of(as_bytes("hello"));
  const Wrapping blue{"blue", {}, nullptr};
  const Bytes dialled = seal_stream(body, StreamSide::Dialler, blue, nonces);
  CHECK(dialled.front() == 244);
  CHECK(seal_stream(body, StreamSide::Acceptor, blue, nonces) == body);
  CHECK(why_broken(dialled) == Drop::WrongLabel);
  CHECK(why_broken(dialled, {"green", {}, nullptr}) == Drop::WrongLabel);
  CHECK(why_broken(dialled, {"Blue", {}, nullptr}) == Drop::WrongLabel);
  CHECK(why_broken(body, blue) == Drop::WrongLabel);
  CHECK(why_broken(Bytes{244, 0}) == Drop::WrongLabel);
  StreamReader answer(StreamSide::Acceptor);
  REQUIRE(answer.feed(dialled, blue) == Status::Broken);
  CHECK(answer.why() == Drop::UnknownType);
}

TEST_CASE("encryption must be ours and whole") {
  Cipher ours = cipher_with(1);
  Cipher theirs = cipher_with(2);
  FixedNonces nonces;
  const Bytes body = user_message_of(as_bytes("hello"));
  const Wrapping sealed{{}, {}, &ours};
  const auto frame = [&](const Wrapping& wrapping) {
    return seal_stream(body, StreamSide::Acceptor, wrapping, nonces);
  };
  CHECK(why_broken(body, sealed) == Drop::Plaintext);
  CHECK(why_broken(frame(sealed)) == Drop::Undecryptable);
  CHECK(why_broken(frame({{}, {}, &theirs}), sealed) == Drop::Undecryptable);
  // The label is authenticated, though an acceptor does not send it.
  CHECK(why_broken(frame({"blue", {}, &ours}), sealed) == Drop::Undecryptable);
  // The length is refused before anything else arrives, and authenticated.
  CHECK(why_broken(Bytes{10, 0xff, 0xff, 0xff, 0xff}, sealed) == Drop::TooLarge);
  CHECK(why_broken(Bytes{10, 1, 0x40, 0, 1}, sealed) == Drop::TooLarge);
  CHECK(why_broken(Bytes{10, 0, 0, 0, 28}, sealed) == Drop::Undecryptable);
  Bytes longer = frame(sealed);
  ++longer[4];
  longer.push_back(0);
  CHECK(why_broken(longer, sealed) == Drop::Undecryptable);
}

TEST_CASE("an encrypted nothing is no message") {
  Cipher cipher = cipher_with(1);
  FixedNonces nonces;
  CHECK(why_broken(seal_stream({}, StreamSide::Dialler, {{}, {}, &cipher}, nonces),
                   {{}, {}, &cipher}) == Drop::Empty);
}

TEST_CASE("what is inside a layer is whole or broken") {
  Cipher cipher = cipher_with(1);
  FixedNonces nonces;
  const Wrapping sealed{{}, {}, &cipher};
  const Bytes body = push_pull_of({"a", "b"});
  for (std::size_t size = 1; size < body.size(); ++size) {
    const Bytes cut(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(size));
    REQUIRE(why_broken(seal_stream(cut, StreamSide::Dialler, sealed, nonces), sealed) ==
            Drop::Truncated);
  }
  const Bytes cut_header = {9, 0x82, 0xa4, 'A'};
  CHECK(why_broken(seal_stream(cut_header, StreamSide::Dialler, sealed, nonces), sealed) ==
        Drop::Truncated);
}

TEST_CASE("compression is refused when damaged, repeated or empty") {
  const auto compressed = [](ByteView lzw, std::uint8_t algorithm) {
    Bytes out = {9};
    append(CompressHeader{algorithm, lzw}, out);
    return out;
  };
  CHECK(why_broken(compressed(Bytes{0, 3, 2}, 0)) == Drop::Empty);
  CHECK(why_broken(compressed(Bytes{0, 3, 2}, 1)) == Drop::BadCompression);
  CHECK(why_broken(compressed(Bytes{1, 2, 3}, 0)) == Drop::BadCompression);
  CHECK(why_broken(Bytes{9, 0xc1}) == Drop::Malformed);
  for (const unsigned type : {9U, 10U}) {
    Bytes lzw;
    lzw_compress(Bytes{static_cast<std::uint8_t>(type), 0x80}, lzw);
    CHECK(why_broken(compressed(lzw, 0)) == Drop::TooDeep);
  }
}

TEST_CASE("a stream inflates to 20 MiB at most") {
  const std::optional<Bytes> bomb = compress_message(Bytes(kMaxStreamBytes + 1, 8));
  REQUIRE(bomb.has_value());
  CHECK(bomb->size() < 20'000);
  CHECK(why_broken(*bomb) == Drop::TooLarge);
}

TEST_CASE("types that do not belong on a stream are refused by their first byte") {
  for (const unsigned type : {1U, 3U, 4U, 5U, 7U, 11U, 12U, 14U, 200U, 255U}) {
    CHECK(why_broken(Bytes{static_cast<std::uint8_t>(type)}) == Drop::UnknownType);
  }
}

TEST_CASE("impossible lengths are refused as soon as they are announced") {
  CHECK(why_broken(push_pull_header(-1, 0)) == Drop::Malformed);
  CHECK(why_broken(push_pull_header(1 << 28, 0)) == Drop::Malformed);
  CHECK(why_broken(push_pull_header(0, -1)) == Drop::Malformed);
  CHECK(why_broken(push_pull_header(0, 1LL << 62)) == Drop::Malformed);
  CHECK(why_broken(push_pull_header(0, std::int64_t{kMaxStreamBytes})) == Drop::TooLarge);
  CHECK(why_broken(user_message_header(-1)) == Drop::Malformed);
  CHECK(why_broken(user_message_header(1LL << 62)) == Drop::Malformed);
  CHECK(why_broken(user_message_header(std::int64_t{kMaxStreamBytes})) == Drop::TooLarge);
  CHECK(why_broken(user_message_header(std::int64_t{kMaxClusterMessageBytes} + 1)) ==
        Drop::TooLarge);
  CHECK(why_broken(user_message_header(0)) == Drop::Empty);
}

TEST_CASE("an empty push/pull is a message") {
  StreamReader reader(StreamSide::Dialler);
  REQUIRE(reader.feed(push_pull_header(0, 0), {}) == Status::Message);
  CHECK(std::get<PushPull>(reader.message()).nodes.empty());
  CHECK(std::get<PushPull>(reader.message()).user_state.empty());
}

TEST_CASE("announced bytes cost no memory until they come") {
  StreamReader rows(StreamSide::Dialler);
  CHECK(rows.feed(push_pull_header(kMaxPushPullNodes, 20'000'000), {}) == Status::More);
  CHECK(rows.held_bytes() < 1000);
  StreamReader user(StreamSide::Dialler);
  CHECK(user.feed(user_message_header(60'000), {}) == Status::More);
  CHECK(user.held_bytes() < 1000);
  Cipher cipher = cipher_with(1);
  StreamReader frame(StreamSide::Dialler);
  CHECK(frame.feed(Bytes{10, 1, 0x40, 0, 0}, {{}, {}, &cipher}) == Status::More);
  CHECK(frame.held_bytes() < 1000);
}

TEST_CASE("a stream without an end is cut off at 20 MiB") {
  Bytes head = push_pull_header(2, 0);
  append(row_of(std::string(1000, 'n')), head);
  // Then a row with a meta of 20 MiB, which would end just beyond.
  const Bytes row = {0x81, 0xa4, 'M', 'e', 't', 'a', 0xdb, 0x01, 0x40, 0x00, 0x00};
  head.insert(head.end(), row.begin(), row.end());
  StreamReader reader(StreamSide::Dialler);
  REQUIRE(reader.feed(head, {}) == Status::More);
  const Bytes piece(64 * 1024, 'x');
  Status status = Status::More;
  for (int i = 0; i < 400 && status == Status::More; ++i)
    status = reader.feed(piece, {});
  REQUIRE(status == Status::Broken);
  CHECK(reader.why() == Drop::TooLarge);
}

TEST_CASE("a row without a name, or one that goes on and on, is refused") {
  Bytes nameless = push_pull_header(2, 0);
  nameless.push_back(0x80);
  CHECK(why_broken(nameless) == Drop::Malformed);
  Bytes endless = push_pull_header(1, 0);
  for (const unsigned byte : {0xdfU, 0xffU, 0xffU, 0xffU, 0xffU}) {
    endless.push_back(static_cast<std::uint8_t>(byte));
  }
  CHECK(why_broken(endless) == Drop::Malformed);
  CHECK(why_broken(Bytes{9, 0xde, 0xff, 0xff}) == Drop::Malformed);
}

TEST_CASE("a stream changed anywhere never does harm") {
  Cipher cipher = cipher_with(1);
  FixedNonces nonces;
  const Bytes body = push_pull_of(many_names(60));
  for (const Wrapping& wrapping : {Wrapping{}, Wrapping{"blue", Compression::On, nullptr},
                                   Wrapping{"blue", Compression::On, &cipher}}) {
    Bytes stream = seal_stream(body, StreamSide::Dialler, wrapping, nonces);
    for (std::size_t i = 0; i < stream.size(); i += 3) {
      for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
        const std::uint8_t before = stream[i];
        stream[i] = static_cast<std::uint8_t>(before ^ flip);
        StreamReader reader(StreamSide::Dialler);
        (void)feed(reader, stream, wrapping, 100'000);
        stream[i] = before;
      }
    }
    StreamReader reader(StreamSide::Dialler);
    CHECK(feed(reader, stream, wrapping, 100'000) == Status::Message);
  }
}

}  // namespace gossip::wire
