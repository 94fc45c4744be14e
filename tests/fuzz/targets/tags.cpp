// wire/tags_codec: any meta makes tags, and tags that fit are the same after a journey.
#include "base/check.h"
#include "fuzz/entry.h"
#include "wire/tags_codec.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const gossip::Tags tags = gossip::wire::decode_tags(gossip::ByteView(data, size));
  const gossip::Expected<gossip::Bytes> meta = gossip::wire::encode_tags(tags, 5);
  if (meta.has_value()) GOSSIP_CHECK(gossip::wire::decode_tags(*meta) == tags);
  return 0;
}
