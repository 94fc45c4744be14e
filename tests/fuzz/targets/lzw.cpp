// wire/lzw: output stays within its bound, and what came out compresses to something that gives it again.
#include "wire/lzw.h"

#include "base/check.h"
#include "fuzz/entry.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gossip::wire::Inflated;
  constexpr std::size_t kMax = 64 * 1024;
  gossip::Bytes plain;
  const Inflated inflated = gossip::wire::lzw_decompress(gossip::ByteView(data, size), kMax, plain);
  GOSSIP_CHECK(plain.size() <= kMax);
  if (inflated != Inflated::Done) return 0;
  gossip::Bytes compressed;
  gossip::wire::lzw_compress(plain, compressed);
  gossip::Bytes again;
  GOSSIP_CHECK(gossip::wire::lzw_decompress(compressed, kMax, again) == Inflated::Done);
  GOSSIP_CHECK(again == plain);
  return 0;
}
