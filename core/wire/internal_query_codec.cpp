// The part of cluster_codec.h that internal queries carry as payload (conflicts and keys), and that acks do.
#include <cstdint>

#include "base/msgpack.h"
#include "coordinate/coordinate.h"
#include "wire/cluster_codec.h"
#include "wire/fields.h"
#include "wire/tags_codec.h"

namespace gossip::wire {

using base::msgpack::Flavour;
using base::msgpack::Reader;
using base::msgpack::Writer;

namespace {

constexpr std::uint8_t kAckPayloadVersion = 1;
constexpr std::size_t kAckPayloadBytes = 130;

void read_version(Reader& reader, std::string_view key, Versions& versions) {
  if (key == "DelegateCur") {
    reader.read(versions.delegate_current);
  } else if (key == "DelegateMax") {
    reader.read(versions.delegate_max);
  } else if (key == "DelegateMin") {
    reader.read(versions.delegate_min);
  } else if (key == "ProtocolCur") {
    reader.read(versions.protocol_current);
  } else if (key == "ProtocolMax") {
    reader.read(versions.protocol_max);
  } else if (key == "ProtocolMin") {
    reader.read(versions.protocol_min);
  } else {
    reader.skip();
  }
}

void read_conflict_field(Reader& reader, std::string_view key, ConflictResponse& message) {
  if (key == "Addr") {
    reader.read(message.address);
  } else if (key == "Name") {
    reader.read(message.name);
  } else if (key == "Port") {
    reader.read(message.port);
  } else if (key == "Status") {
    reader.read(message.status);
  } else if (key == "Tags") {
    read_tags(reader, message.tags);
  } else {
    read_version(reader, key, message.versions);
  }
}

// Fails the reader on another number of dimensions than ours.
void read_vec(Reader& reader, Coordinate& coordinate) {
  if (reader.read_list() != coordinate.vec.size()) reader.fail();
  for (double& figure : coordinate.vec)
    reader.read(figure);
}

}  // namespace

static void read_fields(Reader& reader, ConflictResponse& message) {
  message.versions = {.protocol_min = 0,
                      .protocol_max = 0,
                      .protocol_current = 0,
                      .delegate_min = 0,
                      .delegate_max = 0,
                      .delegate_current = 0};
  for_each_field(reader, [&](std::string_view key) { read_conflict_field(reader, key, message); });
}

static void read_fields(Reader& reader, KeyRequest& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Key") {
      reader.read(message.key);
    } else {
      reader.skip();
    }
  });
}

static void read_fields(Reader& reader, KeyResponse& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Keys") {
      message.keys.clear();
      for_each_item(reader, kMaxResponseKeys, [&] { reader.read(message.keys.emplace_back()); });
    } else if (key == "Message") {
      reader.read(message.message);
    } else if (key == "PrimaryKey") {
      reader.read(message.primary_key);
    } else if (key == "Result") {
      reader.read(message.result);
    } else {
      reader.skip();
    }
  });
}

Bytes encode(const ConflictResponse& message) {
  Bytes out = begin_message(ClusterType::ConflictResponse);
  Writer writer(out, Flavour::Gossip);
  writer.write_map(11);
  writer.write("Addr");
  writer.write_bytes_or_nil(message.address);
  writer.field("DelegateCur", message.versions.delegate_current);
  writer.field("DelegateMax", message.versions.delegate_max);
  writer.field("DelegateMin", message.versions.delegate_min);
  writer.field("Name", message.name);
  writer.field("Port", message.port);
  writer.field("ProtocolCur", message.versions.protocol_current);
  writer.field("ProtocolMax", message.versions.protocol_max);
  writer.field("ProtocolMin", message.versions.protocol_min);
  writer.field("Status", message.status);
  writer.write("Tags");
  write_tags(writer, message.tags);
  return out;
}

Bytes encode(const ConflictAnswer& answer) {
  if (answer.member.has_value()) return encode(*answer.member);
  Bytes out = begin_message(ClusterType::ConflictResponse);
  Writer(out, Flavour::Gossip).write_nil();
  return out;
}

Bytes encode(const KeyRequest& message) {
  Bytes out = begin_message(ClusterType::KeyRequest);
  Writer writer(out, Flavour::Gossip);
  writer.write_map(1);
  writer.field("Key", message.key);
  return out;
}

Bytes encode(const KeyResponse& message) {
  Bytes out = begin_message(ClusterType::KeyResponse);
  Writer writer(out, Flavour::Gossip);
  writer.write_map(4);
  writer.write("Keys");
  if (message.keys.empty()) {
    writer.write_nil();
  } else {
    writer.write_list(message.keys.size());
    for (const std::string_view key : message.keys)
      writer.write(key);
  }
  writer.field("Message", message.message);
  writer.field("PrimaryKey", message.primary_key);
  writer.field("Result", message.result);
  return out;
}

std::optional<ConflictAnswer> decode_conflict_response(ByteView body) {
  if (Reader(body).take_nil()) return ConflictAnswer{};
  std::optional<ConflictResponse> message = decode_body<ConflictResponse>(body);
  if (!message) return std::nullopt;
  return ConflictAnswer{std::move(message)};
}

std::optional<KeyRequest> decode_key_request(ByteView body) {
  return decode_body<KeyRequest>(body);
}

std::optional<KeyResponse> decode_key_response(ByteView body) {
  return decode_body<KeyResponse>(body);
}

Bytes encode_ack_payload(const Coordinate& coordinate) {
  Bytes out;
  out.reserve(kAckPayloadBytes);
  out.push_back(kAckPayloadVersion);
  Writer writer(out, Flavour::Gossip);
  writer.write_map(4);
  writer.field("Adjustment", coordinate.adjustment);
  writer.field("Error", coordinate.error);
  writer.field("Height", coordinate.height);
  writer.write("Vec");
  writer.write_list(coordinate.vec.size());
  for (const double figure : coordinate.vec)
    writer.write(figure);
  return out;
}

std::optional<Coordinate> decode_ack_payload(ByteView payload) {
  if (payload.empty() || payload.front() != kAckPayloadVersion) return std::nullopt;
  Reader reader(payload.subspan(1));
  Coordinate coordinate{.error = 0, .height = 0};
  bool has_vec = false;
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Adjustment") {
      reader.read(coordinate.adjustment);
    } else if (key == "Error") {
      reader.read(coordinate.error);
    } else if (key == "Height") {
      reader.read(coordinate.height);
    } else if (key == "Vec") {
      read_vec(reader, coordinate);
      has_vec = true;
    } else {
      reader.skip();
    }
  });
  if (!reader.good() || !has_vec || !coordinate::is_valid(coordinate)) return std::nullopt;
  return coordinate;
}

}  // namespace gossip::wire
