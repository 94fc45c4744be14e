#include "engine/state_image.h"

#include <cstring>

#include "base/sip_hash.h"
#include "wire/stream.h"

namespace gossip::engine {

StateImage::StateImage(const Seed& seed) {
  std::memcpy(&seed_, seed.data(), sizeof seed_);
}

ByteView StateImage::of(ByteView body, const wire::Wrapping& wrapping) {
  if (!wire::is_compressed(body, wrapping)) return body;
  const std::uint64_t hash = base::sip_hash(seed_, as_text(body));
  if (hash != hash_ || body.size() != size_) {
    image_ = wire::compress_stream(body);
    hash_ = hash;
    size_ = body.size();
  }
  return image_.has_value() ? ByteView(*image_) : body;
}

}  // namespace gossip::engine
