#include "wire/swim_codec.h"

#include "base/msgpack.h"
#include "wire/fields.h"
#include "wire/node_row.h"
#include "wire/swim_fields.h"

namespace gossip::wire {

using base::msgpack::Flavour;
using base::msgpack::Reader;
using base::msgpack::Writer;

namespace {

// Fields that are left out if empty.
std::size_t present_count(const Source& source) {
  return (source.address.empty() ? 0U : 1U) + (source.node.empty() ? 0U : 1U) +
         (source.port == 0 ? 0U : 1U);
}

void write_fields(Writer& writer, const Source& source) {
  if (!source.address.empty()) writer.field("SourceAddr", source.address);
  if (!source.node.empty()) writer.field("SourceNode", source.node);
  if (source.port != 0) writer.field("SourcePort", source.port);
}

// Suspect and dead look the same.
Bytes encode_accusation(MessageType type, std::uint32_t incarnation, std::string_view node,
                        std::string_view from) {
  Bytes out = begin_message(type, node.size() + from.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(3);
  writer.field("From", from);
  writer.field("Incarnation", incarnation);
  writer.field("Node", node);
  return out;
}

// A stream may be parsed again from the start of a struct each time bytes arrive. So what a struct can cost is
// bounded by what its first byte says, whatever has arrived behind it: a map of up to 15 fields, as every
// sender writes them, or nil; and few unknown objects, of which honest ones have none.
constexpr std::size_t kMaxSkippedInStream = 1024;

constexpr bool starts_short_struct(std::uint8_t byte) {
  return (byte & 0xf0U) == 0x80U || byte == base::msgpack::kNil;
}

template <typename Message>
Parse parse_struct(ByteView body, std::size_t& offset, Message& message) {
  Reader reader(body.subspan(offset),
                {.max_raw_bytes = kMaxStreamBytes, .max_skipped_objects = kMaxSkippedInStream});
  message = {};
  if (offset < body.size() && !starts_short_struct(body[offset])) return Parse::Bad;
  read_fields(reader, message);
  switch (reader.status()) {
    case Reader::Status::More: return Parse::More;
    case Reader::Status::Bad: return Parse::Bad;
    case Reader::Status::Good: break;
  }
  offset += reader.offset();
  return Parse::Done;
}

}  // namespace

Bytes encode(const Ping& message) {
  Bytes out = begin_message(MessageType::Ping, message.node.size() + message.source.node.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(2 + present_count(message.source));
  writer.field("Node", message.node);
  writer.field("SeqNo", message.sequence);
  write_fields(writer, message.source);
  return out;
}

Bytes encode(const IndirectPing& message) {
  Bytes out =
      begin_message(MessageType::IndirectPing, message.node.size() + message.source.node.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(5 + present_count(message.source));
  writer.field("Nack", message.nack);
  writer.field("Node", message.node);
  writer.field("Port", message.port);
  writer.field("SeqNo", message.sequence);
  write_fields(writer, message.source);
  write_nullable(writer, "Target", message.target);
  return out;
}

Bytes encode(const Ack& message) {
  Bytes out = begin_message(MessageType::Ack, message.payload.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(2);
  write_nullable(writer, "Payload", message.payload);
  writer.field("SeqNo", message.sequence);
  return out;
}

Bytes encode(const Nack& message) {
  Bytes out = begin_message(MessageType::Nack, 0);
  Writer writer(out, Flavour::Gossip);
  writer.write_map(1);
  writer.field("SeqNo", message.sequence);
  return out;
}

Bytes encode(const ErrorReply& message) {
  Bytes out = begin_message(MessageType::Error, message.error.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(1);
  writer.field("Error", message.error);
  return out;
}

Bytes encode(const Suspect& message) {
  return encode_accusation(MessageType::Suspect, message.incarnation, message.node, message.from);
}

Bytes encode(const Dead& message) {
  return encode_accusation(MessageType::Dead, message.incarnation, message.node, message.from);
}

Bytes encode(const Alive& message) {
  Bytes out = begin_message(MessageType::Alive, message.node.size() + message.meta.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(6);
  write_nullable(writer, "Addr", message.address);
  writer.field("Incarnation", message.incarnation);
  write_nullable(writer, "Meta", message.meta);
  writer.field("Node", message.node);
  writer.field("Port", message.port);
  write_nullable(writer, "Vsn", message.versions);
  return out;
}

std::optional<Ping> decode_ping(ByteView body) {
  return decode_body<Ping>(body);
}

std::optional<IndirectPing> decode_indirect_ping(ByteView body) {
  return decode_body<IndirectPing>(body);
}

std::optional<Ack> decode_ack(ByteView body) {
  return decode_body<Ack>(body);
}

std::optional<Nack> decode_nack(ByteView body) {
  return decode_body<Nack>(body);
}

std::optional<ErrorReply> decode_error_reply(ByteView body) {
  return decode_body<ErrorReply>(body);
}

std::optional<Suspect> decode_suspect(ByteView body) {
  return decode_body<Suspect>(body);
}

std::optional<Dead> decode_dead(ByteView body) {
  return decode_body<Dead>(body);
}

std::optional<Alive> decode_alive(ByteView body) {
  return decode_body<Alive>(body);
}

Parse parse(ByteView body, std::size_t& offset, PushPullHeader& header) {
  return parse_struct(body, offset, header);
}

Parse parse(ByteView body, std::size_t& offset, NodeState& row) {
  if (take_row(body, offset, row)) return Parse::Done;
  return parse_struct(body, offset, row);
}

Parse parse(ByteView body, std::size_t& offset, UserMessageHeader& header) {
  return parse_struct(body, offset, header);
}

Parse parse(ByteView body, std::size_t& offset, CompressHeader& header) {
  return parse_struct(body, offset, header);
}

Parse parse(ByteView body, std::size_t& offset, Ping& ping) {
  return parse_struct(body, offset, ping);
}

Parse parse(ByteView body, std::size_t& offset, Ack& ack) {
  return parse_struct(body, offset, ack);
}

Parse parse(ByteView body, std::size_t& offset, ErrorReply& error) {
  return parse_struct(body, offset, error);
}

void append(const PushPullHeader& header, Bytes& out) {
  Writer writer(out, Flavour::Gossip);
  writer.write_map(3);
  writer.field("Join", header.join);
  writer.field("Nodes", header.node_count);
  writer.field("UserStateLen", header.user_state_bytes);
}

void append(const UserMessageHeader& header, Bytes& out) {
  Writer writer(out, Flavour::Gossip);
  writer.write_map(1);
  writer.field("UserMsgLen", header.bytes);
}

void append(const CompressHeader& header, Bytes& out) {
  Writer writer(out, Flavour::Gossip);
  writer.write_map(2);
  writer.field("Algo", header.algorithm);
  writer.field("Buf", header.buffer);
}

}  // namespace gossip::wire
