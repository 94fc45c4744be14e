#include "base/msgpack.h"

#include <array>
#include <bit>

namespace gossip::base::msgpack {

namespace {

// First bytes of objects (the MessagePack specification's names).
constexpr std::uint8_t kFixMap = 0x80;
constexpr std::uint8_t kFixList = 0x90;
constexpr std::uint8_t kFixRaw = 0xa0;
constexpr std::uint8_t kFalse = 0xc2;
constexpr std::uint8_t kTrue = 0xc3;
constexpr std::uint8_t kBin8 = 0xc4;
constexpr std::uint8_t kExt8 = 0xc7;
constexpr std::uint8_t kFloat32 = 0xca;
constexpr std::uint8_t kFloat64 = 0xcb;
constexpr std::uint8_t kUint8 = 0xcc;
constexpr std::uint8_t kInt8 = 0xd0;
constexpr std::uint8_t kFixExt1 = 0xd4;
constexpr std::uint8_t kRaw8 = 0xd9;
constexpr std::uint8_t kRaw16 = 0xda;
constexpr std::uint8_t kList16 = 0xdc;
constexpr std::uint8_t kMap16 = 0xde;
constexpr std::uint8_t kNegativeFix = 0xe0;

constexpr std::size_t kMaxFixRaw = 31;
constexpr std::size_t kMaxFixCount = 15;

}  // namespace

void Reader::stop(Status status) {
  if (good()) status_ = status;
}

std::uint64_t Reader::take_big_endian(std::size_t width) {
  if (!good()) return 0;
  if (input_.size() - offset_ < width) {
    stop(Status::More);
    return 0;
  }
  std::uint64_t number = 0;
  for (const std::uint8_t byte : input_.subspan(offset_, width))
    number = (number << 8) | byte;
  offset_ += width;
  return number;
}

ByteView Reader::take_bytes(std::uint64_t count) {
  if (!good()) return {};
  if (count > limits_.max_raw_bytes) {
    stop(Status::Bad);
    return {};
  }
  if (input_.size() - offset_ < count) {
    stop(Status::More);
    return {};
  }
  const ByteView bytes = input_.subspan(offset_, static_cast<std::size_t>(count));
  offset_ += bytes.size();
  return bytes;
}

// Numbers, whose first byte is followed by 1, 2, 4 or 8 bytes: ca..d3.
Reader::Head Reader::next_number(std::uint8_t tag) {
  if (tag == kFloat32) {
    const auto bits = static_cast<std::uint32_t>(take_big_endian(4));
    return {Kind::Double, std::bit_cast<std::uint64_t>(double{std::bit_cast<float>(bits)})};
  }
  if (tag == kFloat64) return {Kind::Double, take_big_endian(8)};
  if (tag < kInt8) return {Kind::Unsigned, take_big_endian(std::size_t{1} << (tag - kUint8))};
  const std::size_t width = std::size_t{1} << (tag - kInt8);
  const std::uint64_t bits = take_big_endian(width);
  const std::size_t unused = 64 - 8 * width;
  // Shifted up and, arithmetically, down again: the sign fills the unused bits.
  const std::int64_t value = static_cast<std::int64_t>(bits << unused) >> unused;
  return {value < 0 ? Kind::Negative : Kind::Unsigned, static_cast<std::uint64_t>(value)};
}

// Strings, ext and containers that carry their size in bytes of its own: c4..c9, d4..df.
Reader::Head Reader::next_sized(std::uint8_t tag) {
  if (tag >= kMap16) return {Kind::Map, take_big_endian(tag == kMap16 ? 2 : 4)};
  if (tag >= kList16) return {Kind::List, take_big_endian(tag == kList16 ? 2 : 4)};
  if (tag >= kRaw8) return {Kind::Raw, take_big_endian(std::size_t{1} << (tag - kRaw8))};
  // An ext's own type byte is counted in.
  if (tag >= kFixExt1) return {Kind::Ext, (std::uint64_t{1} << (tag - kFixExt1)) + 1};
  if (tag >= kExt8) return {Kind::Ext, take_big_endian(std::size_t{1} << (tag - kExt8)) + 1};
  return {Kind::Raw, take_big_endian(std::size_t{1} << (tag - kBin8))};
}

Reader::Head Reader::next() {
  const auto tag = static_cast<std::uint8_t>(take_big_endian(1));
  if (!good()) return {};
  if (tag < kFixMap) return {Kind::Unsigned, tag};
  if (tag < kFixList) return {Kind::Map, std::uint64_t{tag} - kFixMap};
  if (tag < kFixRaw) return {Kind::List, std::uint64_t{tag} - kFixList};
  if (tag < kNil) return {Kind::Raw, std::uint64_t{tag} - kFixRaw};
  if (tag >= kNegativeFix) return {Kind::Negative, ~std::uint64_t{0xff} | tag};
  if (tag == kNil) return {Kind::Nil, 0};
  if (tag == kFalse || tag == kTrue) return {Kind::Bool, tag == kTrue ? 1U : 0U};
  if (tag < kFalse) {
    stop(Status::Bad);  // c1 is never used
    return {};
  }
  const bool number = tag >= kFloat32 && tag < kFixExt1;
  return number ? next_number(tag) : next_sized(tag);
}

std::uint64_t Reader::read_unsigned(std::uint64_t max) {
  const Head head = next();
  if (!good() || head.kind == Kind::Nil) return 0;
  if (head.kind == Kind::Unsigned && head.number <= max) return head.number;
  stop(Status::Bad);
  return 0;
}

std::int64_t Reader::read_signed(std::int64_t min, std::int64_t max) {
  const Head head = next();
  if (!good() || head.kind == Kind::Nil) return 0;
  const auto value = static_cast<std::int64_t>(head.number);
  if (head.kind == Kind::Unsigned && head.number <= static_cast<std::uint64_t>(max)) return value;
  if (head.kind == Kind::Negative && value >= min) return value;
  stop(Status::Bad);
  return 0;
}

void Reader::read(bool& value) {
  value = false;
  const Head head = next();
  if (!good() || head.kind == Kind::Nil) return;
  const bool fits = head.kind == Kind::Bool || (head.kind == Kind::Unsigned && head.number <= 1);
  if (fits) {
    value = head.number == 1;
  } else {
    stop(Status::Bad);
  }
}

void Reader::read(double& value) {
  value = 0;
  const Head head = next();
  if (!good()) return;
  switch (head.kind) {
    case Kind::Nil: return;
    case Kind::Double: value = std::bit_cast<double>(head.number); return;
    case Kind::Unsigned: value = static_cast<double>(head.number); return;
    case Kind::Negative:
      value = static_cast<double>(static_cast<std::int64_t>(head.number));
      return;
    default: stop(Status::Bad);
  }
}

void Reader::read(std::string_view& text) {
  ByteView bytes;
  read(bytes);
  text = as_text(bytes);
}

void Reader::read(ByteView& bytes) {
  bytes = {};
  const Head head = next();
  if (!good() || head.kind == Kind::Nil) return;
  if (head.kind == Kind::Raw) {
    bytes = take_bytes(head.number);
  } else {
    stop(Status::Bad);
  }
}

std::size_t Reader::read_container(Kind kind) {
  const Head head = next();
  if (!good() || head.kind == Kind::Nil) return 0;
  if (head.kind == kind) return static_cast<std::size_t>(head.number);
  stop(Status::Bad);
  return 0;
}

std::size_t Reader::read_map() {
  return read_container(Kind::Map);
}

std::size_t Reader::read_list() {
  return read_container(Kind::List);
}

bool Reader::take_nil() {
  if (!good() || offset_ == input_.size() || input_[offset_] != kNil) return false;
  ++offset_;
  return true;
}

// Steps over one object, or over the head of a container: how many objects follow in it.
std::uint64_t Reader::skip_scalar_or_head() {
  const Head head = next();
  if (good() && ++skipped_ > limits_.max_skipped_objects) stop(Status::Bad);
  switch (head.kind) {
    case Kind::Map: return 2 * head.number;
    case Kind::List: return head.number;
    case Kind::Raw:
    case Kind::Ext: static_cast<void>(take_bytes(head.number)); return 0;
    default: return 0;
  }
}

void Reader::skip() {
  std::array<std::uint64_t, kMaxSkippedDepth> left{};  // objects to come in each open container
  std::size_t depth = 0;
  do {
    const std::uint64_t inside = skip_scalar_or_head();
    if (!good()) return;
    if (inside > 0) {
      if (depth == left.size()) return stop(Status::Bad);
      left[depth++] = inside;
      continue;
    }
    while (depth > 0 && --left[depth - 1] == 0)
      --depth;
  } while (depth > 0);
}

void Writer::put(std::uint8_t tag, std::uint64_t number, std::size_t width) {
  out_->push_back(tag);
  for (std::size_t i = width; i > 0; --i) {
    out_->push_back(static_cast<std::uint8_t>(number >> (8 * (i - 1))));
  }
}

void Writer::put_bytes(ByteView bytes) {
  out_->insert(out_->end(), bytes.begin(), bytes.end());
}

void Writer::write_nil() {
  out_->push_back(kNil);
}

void Writer::write_bool(bool value) {
  out_->push_back(value ? kTrue : kFalse);
}

void Writer::write_unsigned(std::uint64_t value) {
  if (value < kFixMap) return out_->push_back(static_cast<std::uint8_t>(value));
  if (value <= 0xff) return put(kUint8, value, 1);
  if (value <= 0xffff) return put(kUint8 + 1, value, 2);
  if (value <= 0xffff'ffff) return put(kUint8 + 2, value, 4);
  put(kUint8 + 3, value, 8);
}

void Writer::write_signed(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  if (value >= 0) return write_unsigned(bits);
  if (value >= -32) return out_->push_back(static_cast<std::uint8_t>(bits));
  if (value >= std::numeric_limits<std::int8_t>::min()) return put(kInt8, bits, 1);
  if (value >= std::numeric_limits<std::int16_t>::min()) return put(kInt8 + 1, bits, 2);
  if (value >= std::numeric_limits<std::int32_t>::min()) return put(kInt8 + 2, bits, 4);
  put(kInt8 + 3, bits, 8);
}

void Writer::write(double value) {
  put(kFloat64, std::bit_cast<std::uint64_t>(value), 8);
}

void Writer::write(std::string_view text) {
  const std::size_t size = text.size();
  if (size <= kMaxFixRaw) {
    out_->push_back(static_cast<std::uint8_t>(kFixRaw + size));
  } else if (size <= 0xff && flavour_ == Flavour::Rpc) {
    put(kRaw8, size, 1);
  } else if (size <= 0xffff) {
    put(kRaw16, size, 2);
  } else {
    put(kRaw16 + 1, size, 4);
  }
  put_bytes(as_bytes(text));
}

void Writer::write(ByteView bytes) {
  if (flavour_ == Flavour::Gossip) return write(as_text(bytes));
  const std::size_t size = bytes.size();
  if (size <= 0xff) {
    put(kBin8, size, 1);
  } else if (size <= 0xffff) {
    put(kBin8 + 1, size, 2);
  } else {
    put(kBin8 + 2, size, 4);
  }
  put_bytes(bytes);
}

void Writer::write_bytes_or_nil(ByteView bytes) {
  if (bytes.empty()) return write_nil();
  write(bytes);
}

void Writer::put_count(std::uint8_t fix_tag, std::uint8_t tag16, std::size_t count) {
  if (count <= kMaxFixCount) return out_->push_back(static_cast<std::uint8_t>(fix_tag + count));
  if (count <= 0xffff) return put(tag16, count, 2);
  put(static_cast<std::uint8_t>(tag16 + 1), count, 4);
}

void Writer::write_map(std::size_t count) {
  put_count(kFixMap, kMap16, count);
}

void Writer::write_list(std::size_t count) {
  put_count(kFixList, kList16, count);
}

}  // namespace gossip::base::msgpack
