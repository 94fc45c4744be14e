// wire/cluster_codec: the coordinate in an ack is finite and survives its own encoding.
#include "base/check.h"
#include "coordinate/coordinate.h"
#include "fuzz/entry.h"
#include "wire/cluster_codec.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gossip::wire::decode_ack_payload;
  using gossip::wire::encode_ack_payload;
  const auto coordinate = decode_ack_payload(gossip::ByteView(data, size));
  if (!coordinate.has_value()) return 0;
  GOSSIP_CHECK(gossip::coordinate::is_valid(*coordinate));
  const auto again = decode_ack_payload(encode_ack_payload(*coordinate));
  GOSSIP_CHECK(again.has_value() && *again == *coordinate);
  return 0;
}
