#include "base/sip_hash.h"

#include <set>
#include <string>

#include <doctest/doctest.h>

namespace gossip::base {

TEST_CASE("a hash depends on the seed, on every byte and on the length") {
  std::set<std::uint64_t> hashes;
  std::string text;
  for (int length = 0; length < 40; ++length) {
    hashes.insert(sip_hash(1, text));
    hashes.insert(sip_hash(2, text));
    text += '\0';
  }
  CHECK(hashes.size() == 80);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string other = text;
    other[at] = 'x';
    hashes.insert(sip_hash(1, other));
  }
  CHECK(hashes.size() == 120);
  // The same on every machine: what an engine does must not depend on it.
  CHECK(sip_hash(7, "node-1") == 0x452f4fabbe2ea8d4);
  CHECK(sip_hash(7, std::string("node-1") + std::string(20, 'x')) == 0xce91e32b4b425b49);
}

TEST_CASE("texts that share a bucket under one seed are scattered under another") {
  constexpr std::uint64_t kBuckets = 256;
  std::set<std::uint64_t> elsewhere;
  int found = 0;
  for (int i = 0; found < 64; ++i) {
    const std::string text = "node-" + std::to_string(i);
    if (sip_hash(1, text) % kBuckets != 0) continue;
    ++found;
    elsewhere.insert(sip_hash(2, text) % kBuckets);
  }
  CHECK(elsewhere.size() > 40);
}

}  // namespace gossip::base
