#include "wire/describe.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "gossip/address.h"

#include "base/shown.h"
#include "wire/cluster_codec.h"
#include "wire/swim_codec.h"

namespace gossip::wire {

namespace {

using base::shown;

std::string quoted(std::string_view text) {
  return '"' + shown(text) + '"';
}

std::string endpoint(ByteView address, std::uint16_t port) {
  const std::optional<IpAddress> ip = IpAddress::from_bytes(address);
  if (!ip.has_value()) return "bad-address";
  return Address{*ip, port}.to_string();
}

// " key=value"
std::string field(std::string_view key, std::string_view value) {
  return " " + std::string(key) + "=" + shown(value);
}

std::string field(std::string_view key, std::uint64_t value) {
  return " " + std::string(key) + "=" + std::to_string(value);
}

// The words behind the name of the kind, one overload for each message.
std::string details(const Ping& ping) {
  return field("seq", ping.sequence) + (ping.node.empty() ? "" : field("node", ping.node));
}

std::string details(const IndirectPing& ping) {
  return field("seq", ping.sequence) + field("target", ping.node);
}

std::string details(const Ack& ack) {
  return field("seq", ack.sequence);
}

std::string details(const Nack& nack) {
  return field("seq", nack.sequence);
}

std::string details(const ErrorReply& reply) {
  return " " + quoted(reply.error);
}

std::string details(const Suspect& suspect) {
  return " " + shown(suspect.node) + field("incarnation", suspect.incarnation) +
         field("from", suspect.from);
}

std::string details(const Alive& alive) {
  return " " + shown(alive.node) + field("incarnation", alive.incarnation) + " " +
         endpoint(alive.address, alive.port);
}

std::string details(const JoinIntent& intent) {
  return " " + shown(intent.node) + field("ltime", intent.time);
}

std::string details(const LeaveIntent& intent) {
  return " " + shown(intent.node) + field("ltime", intent.time) + (intent.prune ? " prune" : "");
}

std::string details(const UserEventMessage& event) {
  return " " + quoted(event.name) + field("ltime", event.time);
}

std::string details(const QueryMessage& query) {
  return " " + quoted(query.name) + field("ltime", query.time) + field("id", query.id) +
         field("from", query.source_node) +
         ((query.flags & kQueryNoBroadcast) != 0 ? " no-broadcast" : "");
}

std::string details(const QueryResponse& response) {
  return field("ltime", response.time) + field("id", response.id) + field("from", response.from) +
         ((response.flags & kResponseIsAck) != 0 ? " ack" : "") +
         ((response.flags & kResponseNoAnswer) != 0 ? " no-answer" : "");
}

std::string details(const Relay& relay) {
  return " to " + endpoint(relay.address, relay.port) +
         (relay.node.empty() ? "" : field("node", relay.node));
}

template <typename Message>
std::string sentence(std::string_view kind, const std::optional<Message>& message) {
  if (!message.has_value()) return "malformed " + std::string(kind);
  return std::string(kind) + details(*message);
}

std::string describe_dead(ByteView body) {
  const std::optional<Dead> dead = decode_dead(body);
  if (!dead.has_value()) return "malformed dead";
  const std::string about = " " + shown(dead->node) + field("incarnation", dead->incarnation);
  if (dead->from == dead->node) return "left" + about;
  return "dead" + about + field("from", dead->from);
}

std::string describe_push_pull(ByteView body) {
  PushPullHeader header;
  std::size_t offset = 0;
  if (parse(body, offset, header) != Parse::Done) return "malformed push/pull";
  return "push/pull" + field("nodes", static_cast<std::uint64_t>(header.node_count)) +
         (header.join ? " join" : "");
}

// What a packet's user message carries for Serf.
std::string describe_user(ByteView message) {
  if (message.empty()) return "malformed user";
  const ByteView body = message.subspan(1);
  switch (static_cast<ClusterType>(message.front())) {
    case ClusterType::Leave: return sentence("user leave", decode_leave_intent(body));
    case ClusterType::Join: return sentence("user join", decode_join_intent(body));
    case ClusterType::PushPull: return "user push/pull";
    case ClusterType::UserEvent: return sentence("user event", decode_user_event(body));
    case ClusterType::Query: return sentence("user query", decode_query(body));
    case ClusterType::QueryResponse: return sentence("user response", decode_query_response(body));
    case ClusterType::Relay: return sentence("user relay", decode_relay(body));
    case ClusterType::ConflictResponse:
    case ClusterType::KeyRequest:
    case ClusterType::KeyResponse: break;
  }
  return "user type=" + std::to_string(message.front());
}

}  // namespace

std::string describe(ByteView message) {
  if (message.empty()) return "empty message";
  const ByteView body = message.subspan(1);
  switch (static_cast<MessageType>(message.front())) {
    case MessageType::Ping: return sentence("ping", decode_ping(body));
    case MessageType::IndirectPing: return sentence("indirect-ping", decode_indirect_ping(body));
    case MessageType::Ack: return sentence("ack", decode_ack(body));
    case MessageType::Suspect: return sentence("suspect", decode_suspect(body));
    case MessageType::Alive: return sentence("alive", decode_alive(body));
    case MessageType::Dead: return describe_dead(body);
    case MessageType::PushPull: return describe_push_pull(body);
    case MessageType::User: return describe_user(body);
    case MessageType::Nack: return sentence("nack", decode_nack(body));
    case MessageType::Error: return sentence("error", decode_error_reply(body));
    case MessageType::Compound: return "compound";
    case MessageType::Compress: return "compressed";
    case MessageType::Encrypt: return "encrypted";
    case MessageType::HasCrc: return "crc";
    case MessageType::Label: return "label";
  }
  return "type=" + std::to_string(message.front());
}

}  // namespace gossip::wire
