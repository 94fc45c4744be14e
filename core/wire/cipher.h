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

// Whether a packet that no key of ours could open was sealed by others: its version, 0 or 1, is a ping's type as well, but
// each of those goes on with a map. A nonce may begin like one; such a packet is taken for a damaged ping.
[[nodiscard]] bool seems_sealed(ByteView packet);

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
  // message. Never leaves unauthenticated bytes in `plain`. The key that opened the last message is tried first,
  // then the others from the primary on: while a cluster changes its keys, most still seal with one.
  [[nodiscard]] bool open(ByteView sealed, ByteView associated, Bytes& plain) const;

  // How many keys have been tried, by all calls of `open` together.
  [[nodiscard]] std::uint64_t tries() const { return tries_; }

 private:
  struct Schedule;
  struct Sealed;
  [[nodiscard]] bool open_with(const Schedule& schedule, const Sealed& sealed, ByteView associated,
                               Bytes& plain) const;

  std::vector<std::unique_ptr<Schedule>> schedules_;  // primary first
  mutable std::size_t last_good_ = 0;
  mutable std::uint64_t tries_ = 0;
};

}  // namespace gossip::wire
