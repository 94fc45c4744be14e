#include "wire/node_row.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/msgpack.h"
#include "wire/swim_codec.h"

namespace gossip::wire {

namespace {

using base::msgpack::kNil;

// First bytes of msgpack objects, as base/msgpack has them.
constexpr std::uint8_t kFixRaw = 0xa0;
constexpr std::uint8_t kUint8 = 0xcc;
constexpr std::uint8_t kUint16 = 0xcd;
constexpr std::uint8_t kUint32 = 0xce;
constexpr std::uint8_t kRaw16 = 0xda;
constexpr std::uint8_t kRaw32 = 0xdb;
constexpr std::size_t kMaxFixRaw = 31;
constexpr std::size_t kMaxRaw16 = 0xffff;
constexpr std::uint32_t kMaxFixNumber = 0x7f;

// The head of the map, the keys and the heads before them, as they stand in a row.
constexpr std::string_view kAddress =
    "\x87\xa4"
    "Addr";
constexpr std::string_view kIncarnation = "\xabIncarnation";
constexpr std::string_view kMeta = "\xa4Meta";
constexpr std::string_view kName = "\xa4Name";
constexpr std::string_view kPort = "\xa4Port";
constexpr std::string_view kState = "\xa5State";
constexpr std::string_view kVersions = "\xa3Vsn";

// Short pieces put together on the stack, so that the row grows in few steps.
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): bytes_ is written before it is read
class Piece {
 public:
  void text(std::string_view text) {
    std::memcpy(&bytes_[size_], text.data(), text.size());
    size_ += text.size();
  }
  void byte(std::uint8_t byte) { bytes_[size_++] = byte; }
  void number(std::uint32_t value) {
    if (value <= kMaxFixNumber) return byte(static_cast<std::uint8_t>(value));
    if (value <= std::numeric_limits<std::uint8_t>::max()) {
      byte(kUint8);
    } else if (value <= std::numeric_limits<std::uint16_t>::max()) {
      byte(kUint16);
      byte(static_cast<std::uint8_t>(value >> 8U));
    } else {
      byte(kUint32);
      byte(static_cast<std::uint8_t>(value >> 24U));
      byte(static_cast<std::uint8_t>(value >> 16U));
      byte(static_cast<std::uint8_t>(value >> 8U));
    }
    byte(static_cast<std::uint8_t>(value));
  }
  void raw_head(std::size_t length) {
    if (length <= kMaxFixRaw) return byte(static_cast<std::uint8_t>(kFixRaw + length));
    byte(length <= kMaxRaw16 ? kRaw16 : kRaw32);
    if (length > kMaxRaw16) {
      byte(static_cast<std::uint8_t>(length >> 24U));
      byte(static_cast<std::uint8_t>(length >> 16U));
    }
    byte(static_cast<std::uint8_t>(length >> 8U));
    byte(static_cast<std::uint8_t>(length));
  }
  // Nil stands for no bytes.
  void nullable_head(std::size_t length) {
    if (length == 0) return byte(kNil);
    raw_head(length);
  }
  void move_to(Bytes& out) {
    out.insert(out.end(), bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ = 0;
  }

 private:
  // More than the longest run of heads, keys and numbers between two texts of a row.
  std::array<std::uint8_t, 48> bytes_;  // NOLINT(*-member-init): written before it is read
  std::size_t size_ = 0;
};

class Cursor {
 public:
  explicit Cursor(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] bool literal(std::string_view text) {
    if (rest_.size() < text.size() || std::memcmp(rest_.data(), text.data(), text.size()) != 0) {
      return false;
    }
    rest_ = rest_.subspan(text.size());
    return true;
  }

  // One of up to 31 bytes, of a two-byte length, or nil.
  [[nodiscard]] bool raw(ByteView& bytes) {
    const std::optional<std::uint8_t> tag = byte();
    if (!tag) return false;
    std::size_t length = 0;
    if (*tag >= kFixRaw && *tag < kNil) {
      length = *tag - kFixRaw;
    } else if (*tag == kRaw16) {
      std::uint32_t wide = 0;
      if (!big_endian(2, wide)) return false;
      length = wide;
    } else if (*tag != kNil) {
      return false;
    }
    if (rest_.size() < length) return false;
    bytes = rest_.first(length);
    rest_ = rest_.subspan(length);
    return true;
  }

  [[nodiscard]] bool number(std::uint32_t& value) {
    const std::optional<std::uint8_t> tag = byte();
    if (!tag) return false;
    if (*tag <= kMaxFixNumber) {
      value = *tag;
      return true;
    }
    switch (*tag) {
      case kUint8: return big_endian(1, value);
      case kUint16: return big_endian(2, value);
      case kUint32: return big_endian(4, value);
      default: return false;
    }
  }

  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  [[nodiscard]] std::optional<std::uint8_t> byte() {
    if (rest_.empty()) return std::nullopt;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }
  [[nodiscard]] bool big_endian(std::size_t width, std::uint32_t& value) {
    if (rest_.size() < width) return false;
    value = 0;
    for (const std::uint8_t next : rest_.first(width))
      value = value << 8U | next;
    rest_ = rest_.subspan(width);
    return true;
  }

  ByteView rest_;
};

}  // namespace

void append(const NodeState& row, Bytes& out) {
  Piece piece;
  piece.text(kAddress);
  piece.nullable_head(row.address.size());
  piece.move_to(out);
  base::append(row.address, out);
  piece.text(kIncarnation);
  piece.number(row.incarnation);
  piece.text(kMeta);
  piece.nullable_head(row.meta.size());
  piece.move_to(out);
  base::append(row.meta, out);
  piece.text(kName);
  piece.raw_head(row.name.size());
  piece.move_to(out);
  base::append(as_bytes(row.name), out);
  piece.text(kPort);
  piece.number(row.port);
  piece.text(kState);
  piece.number(static_cast<std::uint32_t>(row.state));
  piece.text(kVersions);
  piece.nullable_head(row.versions.size());
  piece.move_to(out);
  base::append(row.versions, out);
}

bool take_row(ByteView body, std::size_t& offset, NodeState& row) {
  Cursor cursor(body.subspan(offset));
  NodeState read;
  ByteView name;
  std::uint32_t port = 0;
  std::uint32_t state = 0;
  const bool complete = cursor.literal(kAddress) && cursor.raw(read.address) &&
                        cursor.literal(kIncarnation) && cursor.number(read.incarnation) &&
                        cursor.literal(kMeta) && cursor.raw(read.meta) && cursor.literal(kName) &&
                        cursor.raw(name) && cursor.literal(kPort) && cursor.number(port) &&
                        cursor.literal(kState) && cursor.number(state) &&
                        cursor.literal(kVersions) && cursor.raw(read.versions);
  if (!complete || port > std::numeric_limits<std::uint16_t>::max() ||
      state > static_cast<std::uint32_t>(NodeStateKind::Left)) {
    return false;
  }
  read.name = as_text(name);
  read.port = static_cast<std::uint16_t>(port);
  read.state = static_cast<NodeStateKind>(state);
  row = read;
  offset = body.size() - cursor.left();
  return true;
}

}  // namespace gossip::wire
