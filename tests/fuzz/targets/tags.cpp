// wire/tags_codec: any meta makes tags, and tags that fit are the same after a journey.
#include "base/check.h"
#include "fuzz/targets.h"
#include "wire/tags_codec.h"

void gossip::fuzz::target::tags(ByteView input) {
  const gossip::Tags tags = gossip::wire::decode_tags(input);
  const gossip::Expected<gossip::Bytes> meta = gossip::wire::encode_tags(tags, 5);
  if (meta.has_value()) GOSSIP_CHECK(gossip::wire::decode_tags(*meta) == tags);
}
