#include "wire/packet.h"

#include <optional>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "wire/compound.h"
#include "wire/compress.h"
#include "wire/crc32.h"
#include "wire/label.h"
#include "wire/swim_messages.h"

namespace gossip::wire {

namespace {

// LZW makes most datagrams longer, and trying it costs more than sealing and sending them: pings, claims and
// intents all grow, only long, repetitive compounds are worth it.
constexpr std::size_t kMinCompressedPacketBytes = 701;

constexpr std::size_t kCrcHeaderBytes = 5;  // type and checksum

// Compression and compound: all that upstream ever puts below the encryption and the CRC.
constexpr std::uint8_t kMaxLayers = 2;

bool has_type(ByteView message, MessageType type) {
  return message.front() == static_cast<std::uint8_t>(type);
}

Bytes one_message(std::span<const ByteView> messages) {
  std::size_t total_bytes = kCompoundHeaderBytes;
  for (const ByteView message : messages)
    total_bytes += kCompoundPerPartBytes + message.size();
  Bytes plain;
  plain.reserve(total_bytes);
  if (messages.size() == 1) {
    base::append(messages.front(), plain);
  } else {
    append_compound(messages, plain);
  }
  return plain;
}

// What stands behind a has-CRC header, which is the outermost layer or none at all.
tl::expected<ByteView, Drop> check_crc(ByteView message) {
  base::Reader reader(message.subspan(1));
  const std::optional<std::uint32_t> sum = reader.u32();
  if (!sum) return tl::unexpected(Drop::Truncated);
  if (crc32(reader.rest()) != *sum) return tl::unexpected(Drop::BadChecksum);
  return reader.rest();
}

}  // namespace

std::size_t wrapping_overhead(const Wrapping& wrapping) {
  return (wrapping.cipher != nullptr ? kSealOverheadBytes : 0) +
         (wrapping.label.empty() ? 0 : kLabelHeaderBytes + wrapping.label.size());
}

Bytes add_crc(ByteView message) {
  Bytes out;
  out.reserve(kCrcHeaderBytes + message.size());
  out.push_back(static_cast<std::uint8_t>(MessageType::HasCrc));
  base::append_u32(crc32(message), out);
  base::append(message, out);
  return out;
}

Bytes seal_packet(std::span<const ByteView> messages, Crc crc, const Wrapping& wrapping,
                  NonceSource& nonces) {
  GOSSIP_CHECK(!messages.empty() && !messages.front().empty());
  Bytes plain = one_message(messages);
  if (wrapping.compression == Compression::On && plain.size() >= kMinCompressedPacketBytes) {
    if (std::optional<Bytes> compressed = compress_message(plain)) plain = std::move(*compressed);
  }
  if (crc == Crc::On) plain = add_crc(plain);
  if (wrapping.cipher == nullptr && wrapping.label.empty()) return plain;

  Bytes datagram;
  datagram.reserve(wrapping_overhead(wrapping) + plain.size());
  append_label(wrapping.label, datagram);
  if (wrapping.cipher != nullptr) {
    wrapping.cipher->seal(plain, as_bytes(wrapping.label), nonces.next(), datagram);
  } else {
    base::append(plain, datagram);
  }
  return datagram;
}

tl::expected<std::span<const ByteView>, Drop> PacketOpener::open(ByteView datagram,
                                                                 const Wrapping& wrapping) {
  messages_.clear();
  pending_.clear();
  damage_.reset();
  if (datagram.empty()) return tl::unexpected(Drop::Empty);
  const std::optional<Labelled> labelled = split_label(datagram);
  if (!labelled || labelled->label != wrapping.label) return tl::unexpected(Drop::WrongLabel);
  ByteView plain = labelled->rest;
  if (wrapping.cipher != nullptr) {
    if (!wrapping.cipher->open(plain, as_bytes(wrapping.label), decrypted_)) {
      return tl::unexpected(Drop::Undecryptable);
    }
    plain = decrypted_;
  }
  if (!plain.empty() && has_type(plain, MessageType::HasCrc)) {
    const tl::expected<ByteView, Drop> checked = check_crc(plain);
    if (!checked) return tl::unexpected(checked.error());
    pending_.push_back({*checked, 0});
  } else {
    pending_.push_back({plain, 0});
  }
  unfold();
  if (messages_.empty()) return tl::unexpected(damage_.value_or(Drop::Empty));
  return messages_;
}

// Takes the layers off what is pending, the last one first, until only messages are left. A part that cannot
// be opened does not harm the others; damage_ says why the last of them could not.
void PacketOpener::unfold() {
  inflation_tried_ = false;
  while (!pending_.empty()) {
    const Pending next = pending_.back();
    pending_.pop_back();
    if (next.message.empty()) continue;
    const bool compound = has_type(next.message, MessageType::Compound);
    if (!compound && !has_type(next.message, MessageType::Compress)) {
      messages_.push_back(next.message);
      continue;
    }
    const tl::expected<void, Drop> opened = next.layers == kMaxLayers
                                                ? tl::unexpected(Drop::TooDeep)
                                            : compound ? open_compound(next)
                                                       : open_compressed(next);
    if (!opened) damage_ = opened.error();
  }
}

tl::expected<void, Drop> PacketOpener::open_compound(const Pending& compound) {
  parts_.clear();
  const Compound result = split_compound(compound.message.subspan(1), parts_);
  const auto layers = static_cast<std::uint8_t>(compound.layers + 1);
  // NOLINTNEXTLINE(modernize-loop-convert): clang 14 does not compile std::views::reverse
  for (auto part = parts_.rbegin(); part != parts_.rend(); ++part) {
    pending_.push_back({*part, layers});
  }
  if (result != Compound::Whole) return tl::unexpected(Drop::Truncated);
  return {};
}

// Every known sender compresses a packet as a whole. So a datagram is inflated once at most, which bounds
// time and memory and keeps the views into the one buffer good.
tl::expected<void, Drop> PacketOpener::open_compressed(const Pending& compressed) {
  if (inflation_tried_) return tl::unexpected(Drop::TooDeep);
  inflation_tried_ = true;
  std::size_t offset = 1;
  CompressHeader header;
  if (parse(compressed.message, offset, header) != Parse::Done) {
    return tl::unexpected(Drop::Malformed);
  }
  if (const auto result = inflate(header, kMaxInflatedPacketBytes, inflated_); !result) {
    return result;
  }
  pending_.push_back({inflated_, static_cast<std::uint8_t>(compressed.layers + 1)});
  return {};
}

}  // namespace gossip::wire
