#include "wire/compress.h"

#include "wire/lzw.h"
#include "wire/swim_messages.h"

namespace gossip::wire {

namespace {
constexpr std::uint8_t kLzw = 0;  // the only algorithm there is
constexpr std::size_t kHeaderBytes =
    17;  // at most: type, head of the map, both keys, algorithm, length
}  // namespace

std::optional<Bytes> compress_message(ByteView message) {
  Bytes stream;
  stream.reserve(message.size());
  lzw_compress(message, stream);
  Bytes compressed;
  compressed.reserve(kHeaderBytes + stream.size());
  compressed.push_back(static_cast<std::uint8_t>(MessageType::Compress));
  append(CompressHeader{kLzw, stream}, compressed);
  if (compressed.size() >= message.size()) return std::nullopt;
  return compressed;
}

tl::expected<void, Drop> inflate(const CompressHeader& header, std::size_t max_bytes, Bytes& out) {
  out.clear();
  if (header.algorithm != kLzw) return tl::unexpected(Drop::BadCompression);
  switch (lzw_decompress(header.buffer, max_bytes, out)) {
    case Inflated::Damaged: return tl::unexpected(Drop::BadCompression);
    case Inflated::TooLarge: return tl::unexpected(Drop::TooLarge);
    case Inflated::Done: break;
  }
  if (out.empty()) return tl::unexpected(Drop::Empty);
  return {};
}

}  // namespace gossip::wire
