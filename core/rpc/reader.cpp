#include "rpc/reader.h"

namespace gossip::rpc {
namespace {

// A buffer that once held a large object is given back when it is empty.
constexpr std::size_t kMaxIdleCapacity = std::size_t{64} * 1024;

// How wide the length after a type byte 0xc4..0xdf is, or how many bytes the scalar itself takes.
struct Shape {
  enum class Kind : std::uint8_t { Fixed, Raw, List, Map, Broken } kind = Kind::Fixed;
  std::uint8_t width = 0;  // of the value, or of its length field
  std::uint8_t extra = 0;  // bytes beyond the announced length: an ext's type
};

// By type byte minus 0xc0.
constexpr std::array<Shape, 32> kShapes{{
    {},                        // nil
    {Shape::Kind::Broken},     // never used
    {},                        // false
    {},                        // true
    {Shape::Kind::Raw, 1},     // bin8
    {Shape::Kind::Raw, 2},     // bin16
    {Shape::Kind::Raw, 4},     // bin32
    {Shape::Kind::Raw, 1, 1},  // ext8
    {Shape::Kind::Raw, 2, 1},  // ext16
    {Shape::Kind::Raw, 4, 1},  // ext32
    {Shape::Kind::Fixed, 4},   // float
    {Shape::Kind::Fixed, 8},   // double
    {Shape::Kind::Fixed, 1},   // uint8
    {Shape::Kind::Fixed, 2},   // uint16
    {Shape::Kind::Fixed, 4},   // uint32
    {Shape::Kind::Fixed, 8},   // uint64
    {Shape::Kind::Fixed, 1},   // int8
    {Shape::Kind::Fixed, 2},   // int16
    {Shape::Kind::Fixed, 4},   // int32
    {Shape::Kind::Fixed, 8},   // int64
    {Shape::Kind::Fixed, 2},   // fixext1: type and data
    {Shape::Kind::Fixed, 3},   // fixext2
    {Shape::Kind::Fixed, 5},   // fixext4
    {Shape::Kind::Fixed, 9},   // fixext8
    {Shape::Kind::Fixed, 17},  // fixext16
    {Shape::Kind::Raw, 1},     // str8
    {Shape::Kind::Raw, 2},     // str16
    {Shape::Kind::Raw, 4},     // str32
    {Shape::Kind::List, 2},    // array16
    {Shape::Kind::List, 4},    // array32
    {Shape::Kind::Map, 2},     // map16
    {Shape::Kind::Map, 4},     // map32
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
    if (status != Status::Complete) return {status, {}};
    if (depth_ == 0) break;
  }
  const ByteView object = ByteView(buffer_).subspan(begin_, scanned_);
  begin_ += scanned_;
  scanned_ = 0;
  return {Status::Complete, object};
}

// Goes over one scalar or one container's head; Complete means that it did.
Reader::Status Reader::step(std::size_t max_bytes) {
  Head head;
  const Status status = read_head(head);
  if (status != Status::Complete) return status;
  const std::size_t end = scanned_ + head.head_bytes;
  // Every child takes a byte at least, so a count is checked before its children arrive.
  if (end > max_bytes || head.payload_bytes > max_bytes - end ||
      head.child_count > max_bytes - end) {
    return Status::TooLarge;
  }
  if (buffer_.size() - begin_ < end + head.payload_bytes) return Status::More;
  if (head.container && depth_ == kMaxNesting) return Status::TooDeep;

  scanned_ = end + head.payload_bytes;
  if (head.child_count > 0) {
    open_[depth_++] = head.child_count;
    return Status::Complete;
  }
  while (depth_ > 0 && --open_[depth_ - 1] == 0)
    --depth_;
  return Status::Complete;
}

Reader::Status Reader::read_head(Head& head) const {
  const ByteView rest = ByteView(buffer_).subspan(begin_ + scanned_);
  if (rest.empty()) return Status::More;
  const std::uint8_t tag = rest[0];
  if (tag < 0x80 || tag >= 0xe0) return Status::Complete;  // small integers
  if (tag < 0xa0) {
    head.container = true;
    head.child_count = std::uint64_t{tag & 0x0fU} * (tag < 0x90 ? 2 : 1);
    return Status::Complete;
  }
  if (tag < 0xc0) {
    head.payload_bytes = tag & 0x1fU;
    return Status::Complete;
  }

  const Shape shape = kShapes[tag - 0xc0U];
  if (shape.kind == Shape::Kind::Broken) return Status::Broken;
  if (shape.kind == Shape::Kind::Fixed) {
    head.payload_bytes = shape.width;
    return Status::Complete;
  }
  if (rest.size() < std::size_t{1} + shape.width) return Status::More;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < shape.width; ++i)
    number = number << 8U | rest[1 + i];
  head.head_bytes += shape.width;
  if (shape.kind == Shape::Kind::Raw) {
    head.payload_bytes = number + shape.extra;
  } else {
    head.container = true;
    head.child_count = shape.kind == Shape::Kind::Map ? 2 * number : number;
  }
  return Status::Complete;
}

}  // namespace gossip::rpc
