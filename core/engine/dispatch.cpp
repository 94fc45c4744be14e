// Which layer takes which message of a packet.
#include "engine/parts.h"
#include "wire/swim_codec.h"

namespace gossip {

namespace {

// Decodes and hands over; false if the body is no such message.
template <typename Message, typename Take>
bool decode_and(std::optional<Message> message, Take take) {
  if (!message.has_value()) return false;
  take(*message);
  return true;
}

}  // namespace

void Engine::Parts::dispatch(TimePoint now, const Address& from, ByteView message, Effects& out) {
  using wire::MessageType;
  const ByteView body = message.subspan(1);
  const auto with_sender = [&](const auto& decoded) { swim.receive(now, from, decoded, swim_out); };
  const auto claim = [&](const auto& decoded) { swim.receive(now, decoded, swim_out); };
  bool well_formed = true;
  switch (static_cast<MessageType>(message.front())) {
    case MessageType::Ping: well_formed = decode_and(wire::decode_ping(body), with_sender); break;
    case MessageType::IndirectPing:
      well_formed = decode_and(wire::decode_indirect_ping(body), with_sender);
      break;
    case MessageType::Ack: well_formed = decode_and(wire::decode_ack(body), with_sender); break;
    case MessageType::Nack: well_formed = decode_and(wire::decode_nack(body), with_sender); break;
    case MessageType::Suspect: well_formed = decode_and(wire::decode_suspect(body), claim); break;
    case MessageType::Alive: well_formed = decode_and(wire::decode_alive(body), claim); break;
    case MessageType::Dead: well_formed = decode_and(wire::decode_dead(body), claim); break;
    case MessageType::User: dispatch_user(now, from, body, out); break;
    default: complain(now, Drop::UnknownType, from, out); return;
  }
  if (!well_formed) complain(now, Drop::Malformed, from, out);
}

void Engine::Parts::dispatch_user(TimePoint now, const Address& from, ByteView body, Effects& out) {
  ++stats.counters.cluster_messages_received;
  stats.counters.cluster_bytes_received += body.size();
  switch (cluster.receive(now, body, cluster_out)) {
    case cluster::Verdict::Taken:
    case cluster::Verdict::Old: break;
    case cluster::Verdict::Malformed: complain(now, Drop::Malformed, from, out); break;
    case cluster::Verdict::Unknown: complain(now, Drop::UnknownType, from, out); break;
  }
}

}  // namespace gossip
