#include "rpc/reader.h"

namespace gossip::rpc {
namespace {

// A buffer that once held a large object is given back when it is empty.
constexpr std::size_t kMaxIdleCapacity = std::size_t{64} * 1024;

// How wide the length after a type byte 0xc4..0xdf is, or how many bytes the scalar itself takes.
struct Shape {
  enum class Kind : std::uint8_t { kFixed, kRaw, kList, kMap, kBroken } kind = Kind::kFixed;
  std::uint8_t width = 0;  // of the value, or of its length field
  std::uint8_t extra = 0;  // bytes beyond the announced length: an ext's type
};

// By type byte minus 0xc0.
constexpr std::array<Shape, 32> kShapes{{
    {},                         // nil
    {Shape::Kind::kBroken},     // never used
    {},                         // false
    {},                         // true
    {Shape::Kind::kRaw, 1},     // bin8
    {Shape::Kind::kRaw, 2},     // bin16
    {Shape::Kind::kRaw, 4},     // bin32
    {Shape::Kind::kRaw, 1, 1},  // ext8
    {Shape::Kind::kRaw, 2, 1},  // ext16
    {Shape::Kind::kRaw, 4, 1},  // ext32
    {Shape::Kind::kFixed, 4},   // float
    {Shape::Kind::kFixed, 8},   // double
    {Shape::Kind::kFixed, 1},   // uint8
    {Shape::Kind::kFixed, 2},   // uint16
    {Shape::Kind::kFixed, 4},   // uint32
    {Shape::Kind::kFixed, 8},   // uint64
    {Shape::Kind::kFixed, 1},   // int8
    {Shape::Kind::kFixed, 2},   // int16
    {Shape::Kind::kFixed, 4},   // int32
    {Shape::Kind::kFixed, 8},   // int64
    {Shape::Kind::kFixed, 2},   // fixext1: type and data
    {Shape::Kind::kFixed, 3},   // fixext2
    {Shape::Kind::kFixed, 5},   // fixext4
    {Shape::Kind::kFixed, 9},   // fixext8
    {Shape::Kind::kFixed, 17},  // fixext16
    {Shape::Kind::kRaw, 1},     // str8
    {Shape::Kind::kRaw, 2},     // str16
    {Shape::Kind::kRaw, 4},     // str32
    {Shape::Kind::kList, 2},    // array16
    {Shape::Kind::kList, 4},    // array32
    {Shape::Kind::kMap, 2},     // map16
    {Shape::Kind::kMap, 4},     // map32
}};

}  // namespace

void Reader::feed(ByteView bytes) {
  if (begin_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
    if (buffer_.empty() && buffer_.capacity() > kMaxIdleCapacity) buffer_ = Bytes();
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

Reader::Result Reader::next(std::size_t max_bytes) {
  for (;;) {
    const Status status = step(max_bytes);
    if (status != Status::kComplete) return {status, {}};
    if (depth_ == 0) break;
  }
  const ByteView object = ByteView(buffer_).subspan(begin_, scanned_);
  begin_ += scanned_;
  scanned_ = 0;
  return {Status::kComplete, object};
}

// Goes over one scalar or one container's head; kComplete means that it did.
Reader::Status Reader::step(std::size_t max_bytes) {
  Head head;
  const Status status = read_head(head);
  if (status != Status::kComplete) return status;
  const std::size_t end = scanned_ + head.head_bytes;
  // Every child takes a byte at least, so a count is checked before its children arrive.
  if (end > max_bytes || head.payload_bytes > max_bytes - end ||
      head.child_count > max_bytes - end) {
    return Status::kTooLarge;
  }
  if (buffer_.size() - begin_ < end + head.payload_bytes) return Status::kMore;
  if (head.container && depth_ == kMaxNesting) return Status::kTooDeep;

  scanned_ = end + head.payload_bytes;
  if (head.child_count > 0) {
    open_[depth_++] = head.child_count;
    return Status::kComplete;
  }
  while (depth_ > 0 && --open_[depth_ - 1] == 0)
    --depth_;
  return Status::kComplete;
}

Reader::Status Reader::read_head(Head& head) const {
  const ByteView rest = ByteView(buffer_).subspan(begin_ + scanned_);
  if (rest.empty()) return Status::kMore;
  const std::uint8_t tag = rest[0];
  if (tag < 0x80 || tag >= 0xe0) return Status::kComplete;  // small integers
  if (tag < 0xa0) {
    head.container = true;
    head.child_count = std::uint64_t{tag & 0x0fU} * (tag < 0x90 ? 2 : 1);
    return Status::kComplete;
  }
  if (tag < 0xc0) {
    head.payload_bytes = tag & 0x1fU;
    return Status::kComplete;
  }

  const Shape shape = kShapes[tag - 0xc0U];
  if (shape.kind == Shape::Kind::kBroken) return Status::kBroken;
  if (shape.kind == Shape::Kind::kFixed) {
    head.payload_bytes = shape.width;
    return Status::kComplete;
  }
  if (rest.size() < std::size_t{1} + shape.width) return Status::kMore;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < shape.width; ++i)
    number = number << 8U | rest[1 + i];
  head.head_bytes += shape.width;
  if (shape.kind == Shape::Kind::kRaw) {
    head.payload_bytes = number + shape.extra;
  } else {
    head.container = true;
    head.child_count = shape.kind == Shape::Kind::kMap ? 2 * number : number;
  }
  return Status::kComplete;
}

}  // namespace gossip::rpc
