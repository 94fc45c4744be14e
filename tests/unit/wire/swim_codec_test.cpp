#include "wire/swim_codec.h"

#include <cstdint>
#include <string>

#include "unit/wire/codec_vectors.h"

namespace gossip::wire {
namespace {

using test::body_of;
using test::bool_field;
using test::for_each_flip;
using test::for_each_prefix;
using test::from_hex;
using test::hex_field;
using test::Json;
using test::load_vectors;
using test::number_field;
using test::text_field;
using test::to_hex;

// Each overload: the message says what the vector's fields say.
void check_fields(const Source& source, const Json& fields) {
  CHECK(to_hex(source.address) == hex_field(fields, "SourceAddr"));
  CHECK(source.node == text_field(fields, "SourceNode"));
  CHECK(source.port == number_field(fields, "SourcePort"));
}

void check_fields(const Ping& message, const Json& fields) {
  CHECK(message.node == text_field(fields, "Node"));
  CHECK(message.sequence == number_field(fields, "SeqNo"));
  check_fields(message.source, fields);
}

void check_fields(const IndirectPing& message, const Json& fields) {
  CHECK(message.nack == bool_field(fields, "Nack"));
  CHECK(message.node == text_field(fields, "Node"));
  CHECK(message.port == number_field(fields, "Port"));
  CHECK(message.sequence == number_field(fields, "SeqNo"));
  CHECK(to_hex(message.target) == hex_field(fields, "Target"));
  check_fields(message.source, fields);
}

void check_fields(const Ack& message, const Json& fields) {
  CHECK(message.sequence == number_field(fields, "SeqNo"));
  CHECK(to_hex(message.payload) == hex_field(fields, "Payload"));
}

void check_fields(const Nack& message, const Json& fields) {
  CHECK(message.sequence == number_field(fields, "SeqNo"));
}

void check_fields(const ErrorReply& message, const Json& fields) {
  CHECK(message.error == text_field(fields, "Error"));
}

template <typename Accusation>
void check_accusation(const Accusation& message, const Json& fields) {
  CHECK(message.incarnation == number_field(fields, "Incarnation"));
  CHECK(message.node == text_field(fields, "Node"));
  CHECK(message.from == text_field(fields, "From"));
}

void check_fields(const Suspect& message, const Json& fields) {
  check_accusation(message, fields);
}

void check_fields(const Dead& message, const Json& fields) {
  check_accusation(message, fields);
}

void check_fields(const Alive& message, const Json& fields) {
  CHECK(message.incarnation == number_field(fields, "Incarnation"));
  CHECK(message.node == text_field(fields, "Node"));
  CHECK(to_hex(message.address) == hex_field(fields, "Addr"));
  CHECK(message.port == number_field(fields, "Port"));
  CHECK(to_hex(message.meta) == hex_field(fields, "Meta"));
  CHECK(to_hex(message.versions) == hex_field(fields, "Vsn"));
}

void check_fields(const NodeState& row, const Json& fields) {
  CHECK(row.incarnation == number_field(fields, "Incarnation"));
  CHECK(row.name == text_field(fields, "Name"));
  CHECK(to_hex(row.address) == hex_field(fields, "Addr"));
  CHECK(row.port == number_field(fields, "Port"));
  CHECK(to_hex(row.meta) == hex_field(fields, "Meta"));
  CHECK(to_hex(row.versions) == hex_field(fields, "Vsn"));
  CHECK(static_cast<std::uint64_t>(row.state) == number_field(fields, "State"));
}

void check_fields(const PushPullHeader& header, const Json& fields) {
  CHECK(header.join == bool_field(fields, "Join"));
  CHECK(header.node_count == fields["Nodes"].get<std::int64_t>());
  CHECK(header.user_state_bytes == fields["UserStateLen"].get<std::int64_t>());
}

void check_fields(const UserMessageHeader& header, const Json& fields) {
  CHECK(header.bytes == fields["UserMsgLen"].get<std::int64_t>());
}

// An empty list of bytes that is no nil decodes the same, but we send nil for it.
bool has_empty_bytes(const Json& fields) {
  for (const char* key : {"Payload", "Meta"}) {
    if (fields.contains(key) && fields[key] == "") return true;
  }
  return false;
}

// `decode` takes bodies; a whole packet message goes through it in every form.
template <typename Decode>
void check_packet_message(const Json& vector, Decode decode) {
  const Bytes whole = from_hex(vector["hex"].get<std::string>());
  CHECK(whole.front() == vector["type"].get<int>());
  const auto message = decode(body_of(whole));
  REQUIRE(message.has_value());
  check_fields(*message, vector["fields"]);
  if (!has_empty_bytes(vector["fields"])) CHECK(to_hex(encode(*message)) == vector["hex"]);
  Bytes with_tail = whole;
  with_tail.insert(with_tail.end(), {0xde, 0xad});
  CHECK(decode(body_of(with_tail)).has_value());
  for_each_prefix(body_of(whole), [&](const Bytes& cut) { CHECK_FALSE(decode(cut).has_value()); });
  for_each_flip(body_of(whole), [&](const Bytes& bytes) { static_cast<void>(decode(bytes)); });
}

template <typename Message>
Parse parse_whole(const Bytes& bytes, Message& message) {
  std::size_t offset = 0;
  const Parse result = parse(bytes, offset, message);
  CHECK(offset == (result == Parse::Done ? bytes.size() : 0));
  return result;
}

template <typename Message>
void check_stream_struct(const Json& vector) {
  const Bytes whole = from_hex(vector["hex"].get<std::string>());
  const Bytes body(whole.begin() + 1, whole.end());
  Message message;
  REQUIRE(parse_whole(body, message) == Parse::Done);
  check_fields(message, vector["fields"]);
  Bytes again{whole.front()};
  append(message, again);
  CHECK(again == whole);
  for_each_prefix(body, [&](const Bytes& cut) { CHECK(parse_whole(cut, message) == Parse::More); });
  for_each_flip(body, [&](const Bytes& bytes) {
    std::size_t offset = 0;
    const Parse result = parse(bytes, offset, message);
    CHECK((offset == 0 || result == Parse::Done));
  });
  if (vector.contains("hex_head")) {
    const Bytes head = from_hex(vector["hex_head"].get<std::string>());
    REQUIRE(parse_whole({head.begin() + 1, head.end()}, message) == Parse::Done);
    check_fields(message, vector["fields"]);
  }
}

void check_message(const Json& vector) {
  const std::string kind = vector["kind"];
  if (kind == "ping") return check_packet_message(vector, decode_ping);
  if (kind == "indirect-ping") return check_packet_message(vector, decode_indirect_ping);
  if (kind == "ack") return check_packet_message(vector, decode_ack);
  if (kind == "nack") return check_packet_message(vector, decode_nack);
  if (kind == "error") return check_packet_message(vector, decode_error_reply);
  if (kind == "suspect") return check_packet_message(vector, decode_suspect);
  if (kind == "dead") return check_packet_message(vector, decode_dead);
  if (kind == "alive") return check_packet_message(vector, decode_alive);
  if (kind == "push-pull-header") return check_stream_struct<PushPullHeader>(vector);
  if (kind == "user-msg-header") return check_stream_struct<UserMessageHeader>(vector);
  FAIL("no such kind: ", kind);
}

TEST_CASE("memberlist messages are those of the real memberlist, in both directions") {
  const Json vectors = load_vectors("memberlist-messages.json");
  REQUIRE(vectors.size() == 55);
  for (const Json& vector : vectors) {
    CAPTURE(vector["name"].get<std::string>());
    check_message(vector);
  }
}

TEST_CASE("empty bytes are sent as nil") {
  CHECK(to_hex(encode(Ack{.sequence = 42, .payload = {}})) ==
        "0282a75061796c6f6164c0a55365714e6f2a");
  const Bytes nothing;
  const Bytes alive = encode(Alive{
      .incarnation = 1, .node = "a", .address = {}, .port = 7946, .meta = nothing, .versions = {}});
  const std::optional<Alive> decoded = decode_alive(body_of(alive));
  REQUIRE(decoded.has_value());
  CHECK(decoded->meta.empty());
  CHECK(to_hex(alive).find("a44d657461c0") != std::string::npos);
}

// Forms that Go decodes and nobody sends; we refuse them (gossip-wire §1 leaves that open).
bool is_refused_by_choice(const std::string& name) {
  return name == "array-for-struct" || name == "array-too-long" || name == "array-for-bytes" ||
         name == "header-negative-nodes" || name == "header-nodes-2^63";
}

TEST_CASE("bodies no encoder makes are taken as Go takes them") {
  for (const Json& vector : load_vectors("msgpack-tolerance.json")) {
    const std::string name = vector["name"];
    CAPTURE(name);
    // Where the two generations differ the newer one is the more tolerant.
    const Json& verdict = vector.contains("head") ? vector["head"] : vector;
    const bool accepted = verdict["accepted"].get<bool>() && !is_refused_by_choice(name);
    const Bytes body = from_hex(vector["body"].get<std::string>());
    if (vector["kind"] == "ping") {
      const std::optional<Ping> ping = decode_ping(body);
      REQUIRE(ping.has_value() == accepted);
      if (accepted) check_fields(*ping, verdict["fields"]);
    } else {
      PushPullHeader header;
      std::size_t offset = 0;
      REQUIRE((parse(body, offset, header) == Parse::Done) == accepted);
      if (accepted) check_fields(header, verdict["fields"]);
    }
  }
}

// A plain push/pull body: header, rows, user state.
void check_push_pull(const Json& vector) {
  const Bytes whole = from_hex(vector["hex"].get<std::string>());
  std::size_t offset = 1;
  PushPullHeader header;
  REQUIRE(parse(whole, offset, header) == Parse::Done);
  CHECK(header.join == vector["join"].get<bool>());
  REQUIRE(static_cast<std::size_t>(header.node_count) == vector["nodes"].size());
  for (const Json& fields : vector["nodes"]) {
    const std::size_t start = offset;
    NodeState row;
    REQUIRE(parse(whole, offset, row) == Parse::Done);
    check_fields(row, fields);
    const Bytes bytes(whole.begin() + static_cast<std::ptrdiff_t>(start),
                      whole.begin() + static_cast<std::ptrdiff_t>(offset));
    Bytes again;
    append(row, again);
    if (!has_empty_bytes(fields)) CHECK(again == bytes);
    for_each_prefix(bytes, [&](const Bytes& cut) { CHECK(parse_whole(cut, row) == Parse::More); });
    for_each_flip(bytes, [&](const Bytes& damaged) {
      std::size_t ignored = 0;
      static_cast<void>(parse(damaged, ignored, row));
    });
  }
  CHECK(to_hex(ByteView(whole).subspan(offset)) == vector["user_state"]);
  CHECK(whole.size() - offset == static_cast<std::size_t>(header.user_state_bytes));
}

TEST_CASE("plain stream bodies are read struct by struct") {
  std::size_t seen = 0;
  for (const Json& vector : load_vectors("memberlist-streams.json")) {
    const std::string name = vector["name"];
    CAPTURE(name);
    const Bytes whole = from_hex(vector["hex"].get<std::string>());
    std::size_t offset = 1;
    ++seen;
    if (vector.contains("nodes")) {
      check_push_pull(vector);
    } else if (name == "push-pull-compressed") {
      CompressHeader header;
      REQUIRE(parse(whole, offset, header) == Parse::Done);
      CHECK(header.algorithm == 0);
      CHECK(offset == whole.size());
      Bytes again{whole.front()};
      append(header, again);
      CHECK(again == whole);
    } else if (name == "user-message") {
      UserMessageHeader header;
      REQUIRE(parse(whole, offset, header) == Parse::Done);
      CHECK(to_hex(ByteView(whole).subspan(offset)) == vector["user_message"]);
    } else if (name == "tcp-ping") {
      Ping ping;
      REQUIRE(parse(whole, offset, ping) == Parse::Done);
      CHECK(to_hex(encode(ping)) == vector["hex"]);
    } else if (name == "tcp-ack") {
      Ack ack;
      REQUIRE(parse(whole, offset, ack) == Parse::Done);
      CHECK(to_hex(encode(ack)) == vector["hex"]);
    }
  }
  CHECK(seen == 6);
}

TEST_CASE("an error reply is parsed from a stream") {
  const Bytes whole = encode(ErrorReply{.error = "no keys"});
  ErrorReply reply;
  std::size_t offset = 1;
  REQUIRE(parse(whole, offset, reply) == Parse::Done);
  CHECK(reply.error == "no keys");
}

TEST_CASE("counts and lengths beyond the limits are bad, before their bytes arrive") {
  PushPullHeader header;
  const auto header_with = [&](std::int64_t nodes, std::int64_t user_state) {
    Bytes bytes;
    append(PushPullHeader{.node_count = nodes, .user_state_bytes = user_state}, bytes);
    return parse_whole(bytes, header);
  };
  CHECK(header_with(kMaxPushPullNodes, kMaxStreamBytes) == Parse::Done);
  CHECK(header_with(kMaxPushPullNodes + 1, 0) == Parse::Bad);
  CHECK(header_with(0, kMaxStreamBytes + 1) == Parse::Bad);
  CHECK(header_with(-1, 0) == Parse::Bad);
  CHECK(header_with(0, -1) == Parse::Bad);

  Bytes user;
  append(UserMessageHeader{.bytes = kMaxStreamBytes + 1}, user);
  UserMessageHeader user_header;
  CHECK(parse_whole(user, user_header) == Parse::Bad);

  // {Buf: 4 GiB announced}
  CompressHeader compress;
  CHECK(parse_whole(from_hex("81a3427566dbffffffff"), compress) == Parse::Bad);
  CHECK(parse_whole(from_hex("81a3427566db01400000"), compress) == Parse::More);
}

TEST_CASE("a state number beyond left makes a row bad") {
  NodeState row;
  CHECK(parse_whole(from_hex("81a5537461746503"), row) == Parse::Done);
  CHECK(row.state == NodeStateKind::Left);
  CHECK(parse_whole(from_hex("81a5537461746504"), row) == Parse::Bad);
  CHECK(parse_whole(from_hex("81a55374617465ff"), row) == Parse::Bad);
  CHECK(parse_whole(from_hex("81a55374617465c0"), row) == Parse::Done);
  CHECK(row.state == NodeStateKind::Alive);
}

TEST_CASE("a struct of a stream is short, complete or not") {
  NodeState row;
  CHECK(parse_whole(from_hex("c0"), row) == Parse::Done);
  CHECK(parse_whole(from_hex("80"), row) == Parse::Done);
  CHECK(parse_whole(from_hex("8f"), row) == Parse::More);
  CHECK(parse_whole(from_hex("de0000"), row) == Parse::Bad);
  CHECK(parse_whole(from_hex("de"), row) == Parse::Bad);
  CHECK(parse_whole(from_hex("df00000000"), row) == Parse::Bad);
}

TEST_CASE("unknown fields of a stream cost a bounded effort") {
  // {X: list of n small numbers}
  const auto row_with_list = [](std::uint16_t count) {
    Bytes bytes = from_hex("81a158dc");
    bytes.push_back(static_cast<std::uint8_t>(count >> 8));
    bytes.push_back(static_cast<std::uint8_t>(count & 0xff));
    bytes.resize(bytes.size() + count, 1);
    return bytes;
  };
  NodeState row;
  CHECK(parse_whole(row_with_list(1000), row) == Parse::Done);
  CHECK(parse_whole(row_with_list(2000), row) == Parse::Bad);
}

}  // namespace
}  // namespace gossip::wire
