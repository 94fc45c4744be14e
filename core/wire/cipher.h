// AES-GCM over a keyring (gossip-wire §3.4): version ‖ nonce ‖ ciphertext ‖ tag. Versions 0 (padded) and
// 1 are opened, version 1 is sealed. Key schedules are kept, so that a packet costs no set-up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/nonce_source.h"

#include "wire/keyring.h"

namespace gossip::wire {

inline constexpr std::size_t kSealOverheadBytes = 1 + 12 + 16;

class Cipher {
 public:
  explicit Cipher(const Keyring& keyring);
  Cipher(const Cipher&) = delete;
  Cipher& operator=(const Cipher&) = delete;
  Cipher(Cipher&&) noexcept;
  Cipher& operator=(Cipher&&) noexcept;
  ~Cipher();

  // Appends version 1 of `plain` under the primary key to `out`.
  void seal(ByteView plain, ByteView associated, const Nonce& nonce, Bytes& out) const;
  // Replaces `plain` by what the first fitting key opens; false if none does, or the input is no sealed
  // message. Never leaves unauthenticated bytes in `plain`.
  [[nodiscard]] bool open(ByteView sealed, ByteView associated, Bytes& plain) const;

 private:
  struct Schedule;
  std::vector<std::unique_ptr<Schedule>> schedules_;  // primary first
};

}  // namespace gossip::wire
