// The keys of a cluster, in order: the first, the primary, seals; all of them open (gossip-wire §3.4). The texts
// of errors are those of 0.9.4: they travel to whoever asked for the change.
#pragma once

#include <cstddef>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/error.h"

namespace gossip::wire {

class Keyring {
 public:
  Keyring() = default;

  [[nodiscard]] bool empty() const { return keys_.empty(); }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  // Primary first.
  [[nodiscard]] const std::vector<Bytes>& keys() const { return keys_; }

  // InvalidArgument unless 16, 24 or 32 bytes. One that is present changes nothing; the first becomes
  // primary.
  Expected<void> add(ByteView key);
  // Makes a present key primary; NotFound otherwise.
  Expected<void> use(ByteView key);
  // InvalidArgument for the primary; an absent key is no error.
  Expected<void> remove(ByteView key);

 private:
  std::vector<Bytes> keys_;
};

}  // namespace gossip::wire
