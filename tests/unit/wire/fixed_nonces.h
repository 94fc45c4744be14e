// A NonceSource that gives what the test says.
#pragma once

#include <algorithm>

#include "gossip/bytes.h"
#include "gossip/nonce_source.h"

namespace gossip::wire::test {

class FixedNonces : public NonceSource {
 public:
  FixedNonces() = default;
  explicit FixedNonces(ByteView nonce) { std::copy(nonce.begin(), nonce.end(), nonce_.begin()); }

  Nonce next() override {
    ++given_;
    return nonce_;
  }
  [[nodiscard]] int given() const { return given_; }

 private:
  Nonce nonce_{};
  int given_ = 0;
};

}  // namespace gossip::wire::test
