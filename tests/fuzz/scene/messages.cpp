#include "fuzz/scene/messages.h"

#include <array>
#include <limits>
#include <vector>

#include "engine/outbox.h"
#include "wire/cluster_codec.h"
#include "wire/stream.h"
#include "wire/swim_codec.h"
#include "wire/tags_codec.h"

namespace gossip::fuzz {

namespace {

constexpr std::array kNames{Host::kName, "b", "c", "d", "e", "f"};
constexpr std::array kQueryNames{"deploy",           "_serf_ping",    "_serf_conflict",
                                 "_serf_list-keys",  "_serf_use-key", "_serf_install-key",
                                 "_serf_remove-key", "_serf_unknown"};

// Members are 127.0.0.1, .2 … in the order of their names.
std::uint8_t host_byte(std::string_view name) {
  std::uint8_t byte = Host::kHostByte;
  for (const char* known : kNames) {
    if (name == known) return byte;
    ++byte;
  }
  return 99;
}

Bytes draw_ip(Decisions& decisions, std::string_view name) {
  const IpAddress own = IpAddress::v4({127, 0, 0, host_byte(name)});
  switch (decisions.one_of(8)) {
    default: return {own.bytes().begin(), own.bytes().end()};
    case 1: {
      const IpAddress mapped = own.longest();
      return {mapped.bytes().begin(), mapped.bytes().end()};
    }
    case 2: return {127, 0, 0, decisions.byte()};
    case 3: {
      const ByteView any = decisions.bytes();
      return {any.begin(), any.end()};
    }
  }
}

std::uint16_t draw_port(Decisions& decisions) {
  return decisions.one_of(8) == 7 ? static_cast<std::uint16_t>(decisions.number(2)) : kDefaultPort;
}

std::uint32_t draw_incarnation(Decisions& decisions) {
  switch (decisions.one_of(8)) {
    case 6: return std::numeric_limits<std::uint32_t>::max();
    case 7: return static_cast<std::uint32_t>(decisions.number(4));
    default: return decisions.byte();
  }
}

LamportTime draw_time(Decisions& decisions) {
  switch (decisions.one_of(8)) {
    case 4: return std::numeric_limits<LamportTime>::max();
    case 5: return LamportTime{1} << 32U;
    case 6: return LamportTime{1} << 63U;
    case 7: return decisions.number(8);
    default: return decisions.byte();
  }
}

Bytes draw_meta(Decisions& decisions) {
  if (decisions.one_of(4) == 3) {
    const ByteView any = decisions.bytes();
    return {any.begin(), any.end()};
  }
  return wire::encode_tags(draw_tags(decisions), kMaxSerfProtocol).value_or(Bytes{});
}

Bytes draw_versions(Decisions& decisions) {
  if (decisions.one_of(8) == 7) {
    const ByteView any = decisions.bytes();
    return {any.begin(), any.end()};
  }
  return {1, 5, 2, 2, 5, 5};
}

wire::NodeStateKind draw_state(Decisions& decisions) {
  return static_cast<wire::NodeStateKind>(decisions.one_of(4));
}

Bytes draw_key_request(Decisions& decisions) {
  const Bytes key(16, decisions.byte());
  return wire::encode(wire::KeyRequest{key});
}

Bytes draw_query(Decisions& decisions, const Overheard& overheard) {
  const std::string source = draw_name(decisions);
  const Bytes address = draw_ip(decisions, source);
  const std::string name = kQueryNames.at(decisions.one_of(kQueryNames.size()));
  Bytes payload =
      name.starts_with("_serf_") && decisions.yes() ? draw_key_request(decisions) : Bytes{};
  if (payload.empty()) {
    const ByteView any = decisions.bytes();
    payload.assign(any.begin(), any.end());
  }
  wire::QueryMessage query{.time = draw_time(decisions),
                           .id = decisions.one_of(4) == 3 ? overheard.query_id : decisions.byte(),
                           .address = address,
                           .port = draw_port(decisions),
                           .source_node = source,
                           .filters = {},
                           .flags = decisions.byte(),
                           .relay_factor = static_cast<std::uint8_t>(decisions.one_of(8)),
                           .timeout_ns = static_cast<std::int64_t>(decisions.number(5)),
                           .name = name,
                           .payload = payload};
  const std::string node = draw_name(decisions);
  Bytes filter;
  if (const std::size_t kind = decisions.one_of(4); kind == 1) {
    filter = wire::encode(wire::NodeFilter{{node}});
  } else if (kind == 2) {
    const std::string expression = decisions.text();
    filter = wire::encode(wire::TagFilter{"role", expression});
  } else if (kind == 3) {
    const ByteView any = decisions.bytes();
    filter.assign(any.begin(), any.end());
  }
  if (!filter.empty()) query.filters.emplace_back(filter);
  return wire::encode(query);
}

Bytes draw_answer_payload(Decisions& decisions) {
  const std::string name = draw_name(decisions);
  switch (decisions.one_of(4)) {
    case 1: {
      const std::string key = decisions.text();
      return wire::encode(wire::KeyResponse{
          .result = decisions.yes(), .message = name, .keys = {key}, .primary_key = key});
    }
    case 2: {
      const Bytes address = draw_ip(decisions, name);
      return wire::encode(wire::ConflictResponse{.name = name,
                                                 .address = address,
                                                 .port = draw_port(decisions),
                                                 .tags = {},
                                                 .versions = {}});
    }
    default: {
      const ByteView any = decisions.bytes();
      return {any.begin(), any.end()};
    }
  }
}

Bytes draw_response(Decisions& decisions, const Overheard& overheard) {
  const std::string from = draw_name(decisions);
  const Bytes payload = draw_answer_payload(decisions);
  const bool fits = decisions.one_of(4) != 3;
  return wire::encode(
      wire::QueryResponse{.time = fits ? overheard.query_time : draw_time(decisions),
                          .id = fits ? overheard.query_id : decisions.byte(),
                          .from = from,
                          .flags = static_cast<std::uint32_t>(decisions.number(2)),
                          .payload = payload});
}

Bytes draw_cluster_message(Decisions& decisions, const Overheard& overheard) {
  const std::string name = draw_name(decisions);
  switch (decisions.one_of(7)) {
    case 0: return wire::encode(wire::JoinIntent{draw_time(decisions), name});
    case 1: return wire::encode(wire::LeaveIntent{draw_time(decisions), name, decisions.yes()});
    case 2: return draw_query(decisions, overheard);
    case 3: return draw_response(decisions, overheard);
    case 4: {
      const Bytes address = draw_ip(decisions, name);
      const Bytes message = draw_response(decisions, overheard);
      return wire::encode(wire::Relay{.address = address,
                                      .port = draw_port(decisions),
                                      .zone = {},
                                      .node = name,
                                      .message = message});
    }
    case 5: {
      const ByteView any = decisions.many_bytes();
      return {any.begin(), any.end()};
    }
    default: {
      const std::string event = decisions.text();
      return wire::encode(
          wire::UserEventMessage{draw_time(decisions), event, decisions.bytes(), decisions.yes()});
    }
  }
}

Bytes draw_ack(Decisions& decisions, const Overheard& overheard) {
  const std::uint32_t sequence = decisions.one_of(4) == 3 ? decisions.byte() : overheard.ping;
  if (decisions.yes()) return wire::encode(wire::Nack{sequence});
  Coordinate place;
  place.vec[0] = static_cast<double>(decisions.byte()) / 1000;
  const Bytes coordinate = wire::encode_ack_payload(place);
  const bool any = decisions.yes();
  return wire::encode(wire::Ack{sequence, any ? decisions.bytes() : ByteView(coordinate)});
}

Bytes draw_state_of_cluster(Decisions& decisions) {
  const std::string name = draw_name(decisions);
  const std::string left = draw_name(decisions);
  const std::string event = decisions.text();
  wire::ClusterState state;
  state.member_time = draw_time(decisions);
  state.event_time = draw_time(decisions);
  state.query_time = draw_time(decisions);
  state.status_times = {{name, draw_time(decisions)}};
  if (decisions.yes()) state.left_members = {left};
  state.events = {std::nullopt,
                  wire::EventSlot{draw_time(decisions), {{event, decisions.bytes()}}}};
  return wire::encode(state);
}

Bytes draw_push_pull(Decisions& decisions) {
  struct Row {
    std::string name;
    Bytes address;
    Bytes meta;
    Bytes versions;
  };
  std::vector<Row> rows(decisions.one_of(6));
  wire::PushPull body;
  body.join = decisions.yes();
  for (Row& row : rows) {
    row.name = draw_name(decisions);
    row.address = draw_ip(decisions, row.name);
    row.meta = draw_meta(decisions);
    row.versions = draw_versions(decisions);
    body.nodes.push_back({.name = row.name,
                          .address = row.address,
                          .port = draw_port(decisions),
                          .meta = row.meta,
                          .incarnation = draw_incarnation(decisions),
                          .state = draw_state(decisions),
                          .versions = row.versions});
  }
  const Bytes state = draw_state_of_cluster(decisions);
  if (decisions.one_of(4) != 3) body.user_state = state;
  return wire::encode(body);
}

}  // namespace

std::string draw_name(Decisions& decisions) {
  const std::size_t choice = decisions.one_of(kNames.size() + 2);
  return choice < kNames.size() ? kNames.at(choice) : decisions.text();
}

Address draw_address(Decisions& decisions) {
  const std::string name = draw_name(decisions);
  return {IpAddress::from_bytes(draw_ip(decisions, name)).value_or(IpAddress::v4({127, 0, 0, 98})),
          draw_port(decisions)};
}

Tags draw_tags(Decisions& decisions) {
  Tags tags;
  if (decisions.yes()) tags["role"] = decisions.text();
  if (decisions.yes()) tags[decisions.text()] = "v";
  return tags;
}

Bytes draw_message(Decisions& decisions, const Overheard& overheard) {
  const std::string name = draw_name(decisions);
  const std::string other = draw_name(decisions);
  const Bytes address = draw_ip(decisions, name);
  const std::uint16_t port = draw_port(decisions);
  switch (decisions.one_of(10)) {
    case 0: {
      const Bytes meta = draw_meta(decisions);
      const Bytes versions = draw_versions(decisions);
      return wire::encode(
          wire::Alive{draw_incarnation(decisions), name, address, port, meta, versions});
    }
    case 1: return wire::encode(wire::Suspect{draw_incarnation(decisions), name, other});
    case 2: return wire::encode(wire::Dead{draw_incarnation(decisions), name, other});
    case 3:
      return wire::encode(wire::Ping{
          static_cast<std::uint32_t>(decisions.number(2)), other, {address, port, name}});
    case 4:
      return wire::encode(wire::IndirectPing{.sequence = decisions.byte(),
                                             .target = address,
                                             .port = port,
                                             .node = name,
                                             .nack = decisions.yes(),
                                             .source = {address, port, other}});
    case 5: return draw_ack(decisions, overheard);
    default: return engine::as_user_message(draw_cluster_message(decisions, overheard));
  }
}

Bytes draw_stream_body(Decisions& decisions, const Overheard& overheard) {
  switch (decisions.one_of(8)) {
    case 5: {
      const std::string node = draw_name(decisions);
      return wire::encode(wire::Ping{decisions.byte(), node, {}});
    }
    case 6: return draw_ack(decisions, overheard);
    case 7: return wire::encode(wire::UserMessage{draw_cluster_message(decisions, overheard)});
    case 4: return wire::encode(wire::ErrorReply{"no"});
    default: return draw_push_pull(decisions);
  }
}

}  // namespace gossip::fuzz
