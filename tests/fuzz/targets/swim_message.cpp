// wire/swim_codec: memberlist's messages of packets, type byte first.
#include "fuzz/entry.h"
#include "fuzz/round_trip.h"
#include "wire/swim_codec.h"

namespace {

using gossip::ByteView;
using gossip::fuzz::check_round_trip;
using gossip::wire::MessageType;

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView body = ByteView(data, size).subspan(1);
  switch (static_cast<MessageType>(data[0])) {
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
  return 0;
}
