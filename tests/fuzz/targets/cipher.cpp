// wire/cipher: nothing opens but what a key of the ring has sealed, and of that no bit may differ.
#include "wire/cipher.h"

#include <algorithm>

#include "base/check.h"
#include "fuzz/decisions.h"
#include "fuzz/keys.h"
#include "fuzz/targets.h"

namespace {

using gossip::Bytes;
using gossip::ByteView;

const gossip::wire::Cipher& golden_cipher() {
  static const gossip::wire::Cipher kCipher(gossip::fuzz::golden_keyring());
  return kCipher;
}

void check_foreign(ByteView sealed, ByteView associated) {
  Bytes plain{1, 2, 3};
  const bool opened = golden_cipher().open(sealed, associated, plain);
  GOSSIP_CHECK(opened || plain.empty());
  if (opened) GOSSIP_CHECK(plain.size() + gossip::wire::kSealOverheadBytes <= sealed.size());
}

void check_own(gossip::fuzz::Decisions& decisions) {
  gossip::Nonce nonce{};
  std::ranges::copy(decisions.take(nonce.size()), nonce.begin());
  const ByteView associated = decisions.bytes();
  const std::size_t broken_bit = decisions.number(2);
  const ByteView plain = decisions.many_bytes();
  Bytes sealed{9, 9};
  golden_cipher().seal(plain, associated, nonce, sealed);
  GOSSIP_CHECK(sealed.size() == 2 + plain.size() + gossip::wire::kSealOverheadBytes);
  sealed.erase(sealed.begin(), sealed.begin() + 2);
  Bytes opened;
  GOSSIP_CHECK(golden_cipher().open(sealed, associated, opened));
  GOSSIP_CHECK(std::ranges::equal(opened, plain));
  // The first byte is the version, which the tag does not cover; the padded one's check is another.
  const std::size_t bit = 8 + broken_bit % (8 * (sealed.size() - 1));
  sealed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  GOSSIP_CHECK(!golden_cipher().open(sealed, associated, opened) && opened.empty());
}

}  // namespace

void gossip::fuzz::target::cipher(ByteView input) {
  check_foreign(input, {});
  check_foreign(input, as_bytes(kGoldenLabel));
  Decisions decisions(input);
  check_own(decisions);
}
