// wire/cluster_codec: the coordinate in an ack is finite and survives its own encoding.
#include "base/check.h"
#include "coordinate/coordinate.h"
#include "fuzz/targets.h"
#include "wire/cluster_codec.h"

void gossip::fuzz::target::ack_payload(ByteView input) {
  using gossip::wire::decode_ack_payload;
  using gossip::wire::encode_ack_payload;
  const auto coordinate = decode_ack_payload(input);
  if (!coordinate.has_value()) return;
  GOSSIP_CHECK(gossip::coordinate::is_valid(*coordinate));
  const auto again = decode_ack_payload(encode_ack_payload(*coordinate));
  GOSSIP_CHECK(again.has_value() && *again == *coordinate);
}
