// The part of cluster_codec.h that has to do with queries: themselves, filters, responses, relays.
#include "base/msgpack.h"
#include "wire/cluster_codec.h"
#include "wire/fields.h"

namespace gossip::wire {

using base::msgpack::Flavour;
using base::msgpack::Reader;
using base::msgpack::Writer;

namespace {

void read_filters(Reader& reader, std::vector<ByteView>& filters) {
  filters.clear();
  for_each_item(reader, kMaxQueryFilters, [&] { reader.read(filters.emplace_back()); });
}

// The other half of the fields, so that neither function grows long.
void read_query_origin(Reader& reader, std::string_view key, QueryMessage& message) {
  if (key == "Addr") {
    reader.read(message.address);
  } else if (key == "Port") {
    reader.read(message.port);
  } else if (key == "RelayFactor") {
    reader.read(message.relay_factor);
  } else if (key == "SourceNode") {
    reader.read(message.source_node);
  } else if (key == "Timeout") {
    reader.read(message.timeout_ns);
  } else {
    reader.skip();
  }
}

void read_query_field(Reader& reader, std::string_view key, QueryMessage& message) {
  if (key == "Filters") {
    read_filters(reader, message.filters);
  } else if (key == "Flags") {
    reader.read(message.flags);
  } else if (key == "ID") {
    reader.read(message.id);
  } else if (key == "LTime") {
    reader.read(message.time);
  } else if (key == "Name") {
    reader.read(message.name);
  } else if (key == "Payload") {
    reader.read(message.payload);
  } else {
    read_query_origin(reader, key, message);
  }
}

void read_relay_address(Reader& reader, Relay& relay) {
  relay.address = {};
  relay.port = 0;
  relay.zone = {};
  for_each_field(reader, [&](std::string_view key) {
    if (key == "IP") {
      reader.read(relay.address);
    } else if (key == "Port") {
      reader.read(relay.port);
    } else if (key == "Zone") {
      reader.read(relay.zone);
    } else {
      reader.skip();
    }
  });
}

}  // namespace

static void read_fields(Reader& reader, QueryMessage& message) {
  for_each_field(reader, [&](std::string_view key) { read_query_field(reader, key, message); });
}

static void read_fields(Reader& reader, QueryResponse& message) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Flags") {
      reader.read(message.flags);
    } else if (key == "From") {
      reader.read(message.from);
    } else if (key == "ID") {
      reader.read(message.id);
    } else if (key == "LTime") {
      reader.read(message.time);
    } else if (key == "Payload") {
      reader.read(message.payload);
    } else {
      reader.skip();
    }
  });
}

static void read_fields(Reader& reader, NodeFilter& filter) {
  for_each_item(reader, kMaxFilterNodes, [&] { reader.read(filter.nodes.emplace_back()); });
}

static void read_fields(Reader& reader, TagFilter& filter) {
  for_each_field(reader, [&](std::string_view key) {
    if (key == "Expr") {
      reader.read(filter.expression);
    } else if (key == "Tag") {
      reader.read(filter.tag);
    } else {
      reader.skip();
    }
  });
}

Bytes encode(const QueryMessage& message) {
  std::size_t variable_bytes = message.name.size() + message.payload.size();
  for (const ByteView filter : message.filters)
    variable_bytes += filter.size() + 3;
  Bytes out = begin_message(ClusterType::Query, variable_bytes);
  Writer writer(out, Flavour::Gossip);
  writer.write_map(11);
  write_nullable(writer, "Addr", message.address);
  writer.write("Filters");
  if (message.filters.empty()) {
    writer.write_nil();
  } else {
    writer.write_list(message.filters.size());
    for (const ByteView filter : message.filters)
      writer.write(filter);
  }
  writer.field("Flags", message.flags);
  writer.field("ID", message.id);
  writer.field("LTime", message.time);
  writer.field("Name", message.name);
  write_nullable(writer, "Payload", message.payload);
  writer.field("Port", message.port);
  writer.field("RelayFactor", message.relay_factor);
  writer.field("SourceNode", message.source_node);
  writer.field("Timeout", message.timeout_ns);
  return out;
}

Bytes encode(const QueryResponse& message) {
  Bytes out =
      begin_message(ClusterType::QueryResponse, message.from.size() + message.payload.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(5);
  writer.field("Flags", message.flags);
  writer.field("From", message.from);
  writer.field("ID", message.id);
  writer.field("LTime", message.time);
  write_nullable(writer, "Payload", message.payload);
  return out;
}

Bytes encode(const Relay& message) {
  Bytes out = begin_message(ClusterType::Relay, message.node.size() + message.message.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(2);
  writer.write("DestAddr");
  writer.write_map(3);
  write_nullable(writer, "IP", message.address);
  writer.field("Port", message.port);
  writer.field("Zone", message.zone);
  writer.field("DestName", message.node);
  out.insert(out.end(), message.message.begin(), message.message.end());
  return out;
}

Bytes encode(const NodeFilter& filter) {
  Bytes out = begin_message(FilterType::Nodes, 0);
  Writer writer(out, Flavour::Gossip);
  writer.write_list(filter.nodes.size());
  for (const std::string_view node : filter.nodes)
    writer.write(node);
  return out;
}

Bytes encode(const TagFilter& filter) {
  Bytes out = begin_message(FilterType::Tag, filter.tag.size() + filter.expression.size());
  Writer writer(out, Flavour::Gossip);
  writer.write_map(2);
  writer.field("Expr", filter.expression);
  writer.field("Tag", filter.tag);
  return out;
}

std::optional<QueryMessage> decode_query(ByteView body) {
  return decode_body<QueryMessage>(body);
}

std::optional<QueryResponse> decode_query_response(ByteView body) {
  return decode_body<QueryResponse>(body);
}

std::optional<Relay> decode_relay(ByteView body) {
  Reader reader(body);
  Relay relay;
  for_each_field(reader, [&](std::string_view key) {
    if (key == "DestAddr") {
      read_relay_address(reader, relay);
    } else if (key == "DestName") {
      reader.read(relay.node);
    } else {
      reader.skip();
    }
  });
  if (!reader.good()) return std::nullopt;
  relay.message = reader.rest();
  return relay;
}

std::optional<NodeFilter> decode_node_filter(ByteView body) {
  return decode_body<NodeFilter>(body);
}

std::optional<TagFilter> decode_tag_filter(ByteView body) {
  return decode_body<TagFilter>(body);
}

}  // namespace gossip::wire
