// The state that our push/pulls tell, compressed, for as long as it stays the same: compressing is most of what it
// costs to serve one, and a seed of a large cluster serves the same state to one newcomer after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "gossip/bytes.h"
#include "gossip/engine.h"

#include "wire/packet.h"

namespace gossip::engine {

class StateImage {
 public:
  // Strangers choose names, so they must not be able to choose states that look alike.
  explicit StateImage(const Seed& seed);

  // `body` as a stream may carry it under `wrapping`; valid until the next call, and as long as `body`.
  [[nodiscard]] ByteView of(ByteView body, const wire::Wrapping& wrapping);

 private:
  std::uint64_t seed_ = 0;
  std::uint64_t hash_ = 0;
  std::size_t size_ = 0;        // of the body that `image_` is of
  std::optional<Bytes> image_;  // none: it would not be shorter
};

}  // namespace gossip::engine
