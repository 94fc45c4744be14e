#include "wire/cipher.h"

#include <algorithm>
#include <array>

#include <nettle/gcm.h>
#include <nettle/memops.h>
#include <nettle/nettle-meta.h>

#include "base/check.h"

namespace gossip::wire {

namespace {

constexpr std::uint8_t kPaddedVersion = 0;
constexpr std::uint8_t kPlainVersion = 1;
constexpr std::size_t kNonceBytes = GCM_IV_SIZE;
constexpr std::size_t kTagBytes = GCM_DIGEST_SIZE;
constexpr std::size_t kBlockBytes = GCM_BLOCK_SIZE;
static_assert(kSealOverheadBytes == 1 + kNonceBytes + kTagBytes);

// PKCS #7: as many bytes as each of them says. Upstream believes the last one; we check them all.
bool remove_padding(Bytes& plain) {
  const std::size_t count = plain.back();
  if (count == 0 || count > kBlockBytes) return false;
  const bool same = std::all_of(plain.end() - static_cast<std::ptrdiff_t>(count), plain.end(),
                                [&](std::uint8_t byte) { return byte == count; });
  if (same) plain.resize(plain.size() - count);
  return same;
}

const nettle_cipher& aes_for(std::size_t key_bytes) {
  switch (key_bytes) {
    case AES128_KEY_SIZE: return nettle_aes128;
    case AES192_KEY_SIZE: return nettle_aes192;
    default: GOSSIP_CHECK(key_bytes == AES256_KEY_SIZE); return nettle_aes256;
  }
}

// How the body of every message begins: as a map, or nil for an empty one.
bool begins_body(std::uint8_t byte) {
  return (byte & 0xf0U) == 0x80U || byte == 0xde || byte == 0xdf || byte == 0xc0;
}

}  // namespace

bool seems_sealed(ByteView packet) {
  return packet.size() >= kSealOverheadBytes && packet[0] <= kPlainVersion &&
         !begins_body(packet[1]);
}

// The parts of a sealed message, sizes checked.
struct Cipher::Sealed {
  std::uint8_t version = 0;
  ByteView nonce;
  ByteView ciphertext;
  ByteView tag;

  [[nodiscard]] bool split(ByteView whole) {
    if (whole.size() < kSealOverheadBytes || whole[0] > kPlainVersion) return false;
    version = whole[0];
    nonce = whole.subspan(1, kNonceBytes);
    ciphertext = whole.subspan(1 + kNonceBytes, whole.size() - kSealOverheadBytes);
    tag = whole.last(kTagBytes);
    return version != kPaddedVersion ||
           (!ciphertext.empty() && ciphertext.size() % kBlockBytes == 0);
  }
};

// What a key costs to set up: AES's round keys and GCM's multiplication table.
struct Cipher::Schedule {
  explicit Schedule(ByteView key) : aes(aes_for(key.size())) {
    aes.set_encrypt_key(&rounds, key.data());
    gcm_set_key(&hash, &rounds, aes.encrypt);
  }

  [[nodiscard]] gcm_ctx begin(ByteView nonce, ByteView associated) const {
    gcm_ctx message{};
    gcm_set_iv(&message, &hash, nonce.size(), nonce.data());
    if (!associated.empty()) gcm_update(&message, &hash, associated.size(), associated.data());
    return message;
  }

  void encrypt(gcm_ctx& message, ByteView plain, std::uint8_t* to) const {
    gcm_encrypt(&message, &hash, &rounds, aes.encrypt, plain.size(), to, plain.data());
  }

  void decrypt(gcm_ctx& message, ByteView ciphertext, std::uint8_t* to) const {
    gcm_decrypt(&message, &hash, &rounds, aes.encrypt, ciphertext.size(), to, ciphertext.data());
  }

  void digest(gcm_ctx& message, std::uint8_t* to) const {
    gcm_digest(&message, &hash, &rounds, aes.encrypt, kTagBytes, to);
  }

  const nettle_cipher& aes;
  union {
    aes128_ctx aes128;
    aes192_ctx aes192;
    aes256_ctx aes256;
  } rounds{};
  gcm_key hash{};
};

Cipher::Cipher(const Keyring& keyring) {
  for (const Bytes& key : keyring.keys())
    schedules_.push_back(std::make_unique<Schedule>(key));
}

Cipher::Cipher(Cipher&&) noexcept = default;
Cipher& Cipher::operator=(Cipher&&) noexcept = default;
Cipher::~Cipher() = default;

void Cipher::seal(ByteView plain, ByteView associated, const Nonce& nonce, Bytes& out) const {
  GOSSIP_CHECK(!schedules_.empty());
  const Schedule& schedule = *schedules_.front();
  const std::size_t start = out.size();
  out.resize(start + kSealOverheadBytes + plain.size());
  std::uint8_t* to = &out[start];
  *to++ = kPlainVersion;
  to = std::copy(nonce.begin(), nonce.end(), to);
  gcm_ctx message = schedule.begin(nonce, associated);
  schedule.encrypt(message, plain, to);
  schedule.digest(message, to + plain.size());
}

bool Cipher::open(ByteView sealed, ByteView associated, Bytes& plain) const {
  Sealed parts;
  plain.clear();
  if (!parts.split(sealed) || schedules_.empty()) return false;
  if (open_with(*schedules_[last_good_], parts, associated, plain)) return true;
  for (std::size_t i = 0; i < schedules_.size(); ++i) {
    if (i == last_good_ || !open_with(*schedules_[i], parts, associated, plain)) continue;
    last_good_ = i;
    return true;
  }
  return false;
}

bool Cipher::open_with(const Schedule& schedule, const Sealed& sealed, ByteView associated,
                       Bytes& plain) const {
  ++tries_;
  plain.resize(sealed.ciphertext.size());
  gcm_ctx message = schedule.begin(sealed.nonce, associated);
  schedule.decrypt(message, sealed.ciphertext, plain.data());
  std::array<std::uint8_t, kTagBytes> tag{};
  schedule.digest(message, tag.data());
  if (memeql_sec(tag.data(), sealed.tag.data(), kTagBytes) != 0) {
    if (sealed.version == kPlainVersion || remove_padding(plain)) return true;
  }
  plain.clear();
  return false;
}

}  // namespace gossip::wire
