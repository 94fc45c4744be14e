// wire/swim_codec: memberlist's messages of packets, type byte first.
#include "fuzz/round_trip.h"
#include "fuzz/targets.h"
#include "wire/swim_codec.h"

namespace {

using gossip::ByteView;
using gossip::fuzz::check_round_trip;
using gossip::wire::MessageType;

}  // namespace

void gossip::fuzz::target::swim_message(ByteView input) {
  if (input.empty()) return;
  const ByteView body = input.subspan(1);
  switch (static_cast<MessageType>(input[0])) {
    case MessageType::Ping: check_round_trip(body, gossip::wire::decode_ping); break;
    case MessageType::IndirectPing:
      check_round_trip(body, gossip::wire::decode_indirect_ping);
      break;
    case MessageType::Ack: check_round_trip(body, gossip::wire::decode_ack); break;
    case MessageType::Nack: check_round_trip(body, gossip::wire::decode_nack); break;
    case MessageType::Error: check_round_trip(body, gossip::wire::decode_error_reply); break;
    case MessageType::Suspect: check_round_trip(body, gossip::wire::decode_suspect); break;
    case MessageType::Dead: check_round_trip(body, gossip::wire::decode_dead); break;
    case MessageType::Alive: check_round_trip(body, gossip::wire::decode_alive); break;
    default: break;
  }
}
