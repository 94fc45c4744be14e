// The datagram onion (gossip-wire §2.2, §2.3, §3): seal and open side by side.
// Innermost first: message(s) → compound → compress → CRC → encrypt → label.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "gossip/bytes.h"
#include "gossip/config.h"
#include "gossip/nonce_source.h"
#include "gossip/stats.h"

#include "wire/cipher.h"
#include "wire/keyring.h"

namespace gossip::wire {

// Bytes of a datagram that upstream plans with; a CRC header of 5 may come on top.
inline constexpr std::size_t kPacketBytes = 1400;
inline constexpr std::size_t kCompoundHeaderBytes = 2;   // type and count
inline constexpr std::size_t kCompoundPerPartBytes = 2;  // one length
inline constexpr std::size_t kMaxCompoundParts = 127;    // 0.9.4 misreads more (gossip-wire §13.7)
inline constexpr std::size_t kMaxInflatedPacketBytes = std::size_t{64} * 1024;

enum class Crc : std::uint8_t { Off, On };

// How this node wraps what it sends and what it expects. `cipher` is null without encryption.
struct Wrapping {
  std::string_view label;
  Compression compression = Compression::Off;
  const Cipher* cipher = nullptr;
};

// Bytes that encryption and label take of a packet.
[[nodiscard]] std::size_t wrapping_overhead(const Wrapping& wrapping);

// The message behind a has-CRC header.
[[nodiscard]] Bytes add_crc(ByteView message);

// One message, or several as a compound (at most kMaxCompoundParts, none of them empty), as a datagram.
[[nodiscard]] Bytes seal_packet(std::span<const ByteView> messages, Crc crc,
                                const Wrapping& wrapping, NonceSource& nonces);

// Opens datagrams one at a time, reusing its memory.
class PacketOpener {
 public:
  // Whole messages, type byte first, none empty, in their order; the damaged tail of a compound is left
  // out, and so is whatever lies below more than two layers, the CRC not counted, or in a second compressed part. Valid until
  // the next call or until `datagram` goes. An error if no message is left.
  [[nodiscard]] tl::expected<std::span<const ByteView>, Drop> open(ByteView datagram,
                                                                   const Wrapping& wrapping);

  // Why a part of the last datagram was left out, also when the other parts came through.
  [[nodiscard]] std::optional<Drop> damage() const { return damage_; }

 private:
  struct Pending {
    ByteView message;
    std::uint8_t layers = 0;  // taken off to get here
  };

  void unfold();
  tl::expected<void, Drop> open_compound(const Pending& compound);
  tl::expected<void, Drop> open_compressed(const Pending& compressed);

  Bytes decrypted_;
  Bytes inflated_;
  bool inflation_tried_ = false;
  std::optional<Drop> damage_;
  std::vector<Pending> pending_;
  std::vector<ByteView> parts_;
  std::vector<ByteView> messages_;
};

}  // namespace gossip::wire
