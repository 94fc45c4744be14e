// wire/lzw: output stays within its bound, and what came out compresses to something that gives it again.
#include "wire/lzw.h"

#include "base/check.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::lzw(ByteView input) {
  using gossip::wire::Inflated;
  constexpr std::size_t kMax = 64 * 1024;
  gossip::Bytes plain;
  const Inflated inflated = gossip::wire::lzw_decompress(input, kMax, plain);
  GOSSIP_CHECK(plain.size() <= kMax);
  if (inflated != Inflated::Done) return;
  gossip::Bytes compressed;
  gossip::wire::lzw_compress(plain, compressed);
  gossip::Bytes again;
  GOSSIP_CHECK(gossip::wire::lzw_decompress(compressed, kMax, again) == Inflated::Done);
  GOSSIP_CHECK(again == plain);
}
