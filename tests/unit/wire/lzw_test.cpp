#include "wire/lzw.h"

#include <string_view>

#include <doctest/doctest.h>

#include "base/rng.h"

namespace gossip::wire {

namespace {

Bytes compressed(ByteView plain) {
  Bytes stream;
  lzw_compress(plain, stream);
  return stream;
}

// Codes as a stream of 9 bits each, lowest bit first.
Bytes nine_bit_codes(std::initializer_list<std::uint32_t> codes) {
  Bytes stream;
  std::uint32_t bits = 0;
  std::uint32_t bit_count = 0;
  for (const std::uint32_t code : codes) {
    bits |= code << bit_count;
    for (bit_count += 9; bit_count >= 8; bit_count -= 8) {
      stream.push_back(static_cast<std::uint8_t>(bits));
      bits >>= 8U;
    }
  }
  if (bit_count > 0) stream.push_back(static_cast<std::uint8_t>(bits));
  return stream;
}

}  // namespace

TEST_CASE("what is compressed comes back, whatever it repeats") {
  base::Rng rng({1, 2, 3});
  for (const std::uint64_t letters : {1U, 2U, 3U, 17U, 256U}) {
    for (const std::size_t length : {1U, 2U, 255U, 4095U, 4096U, 70'000U}) {
      Bytes plain(length);
      for (std::uint8_t& byte : plain)
        byte = static_cast<std::uint8_t>(rng.uniform(letters));
      Bytes output;
      REQUIRE(lzw_decompress(compressed(plain), length, output) == Inflated::Done);
      REQUIRE(output == plain);
    }
  }
}

TEST_CASE("a stream cut anywhere is damaged, and gives only what came before") {
  const Bytes plain(1000, 7);
  const Bytes whole = compressed(plain);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Bytes output;
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    REQUIRE(lzw_decompress(cut, plain.size(), output) == Inflated::Damaged);
    REQUIRE(output.size() <= plain.size());
  }
}

TEST_CASE("codes that cannot be are damage") {
  Bytes output;
  CHECK(lzw_decompress(nine_bit_codes({256, 258, 257}), 100, output) == Inflated::Damaged);
  CHECK(lzw_decompress(nine_bit_codes({256, 'a', 259, 257}), 100, output) == Inflated::Damaged);
  CHECK(lzw_decompress(nine_bit_codes({256, 'a', 511, 257}), 100, output) == Inflated::Damaged);
  // A clear forgets the table.
  CHECK(lzw_decompress(nine_bit_codes({'a', 'b', 256, 258, 257}), 100, output) ==
        Inflated::Damaged);
}

TEST_CASE("a bomb stops at the limit with no more memory than that") {
  const Bytes bomb = compressed(Bytes(8'000'000, 0));
  CHECK(bomb.size() < 7000);
  Bytes output;
  CHECK(lzw_decompress(bomb, 64 * 1024, output) == Inflated::TooLarge);
  CHECK(output.size() <= 64 * 1024);
  CHECK(output.capacity() <= 2 * 64 * 1024);
  output.clear();
  CHECK(lzw_decompress(bomb, 0, output) == Inflated::TooLarge);
  CHECK(output.empty());
}

TEST_CASE("random bytes never do harm") {
  base::Rng rng({4, 5, 6});
  for (int round = 0; round < 2000; ++round) {
    Bytes stream(static_cast<std::size_t>(rng.uniform(600)));
    for (std::uint8_t& byte : stream)
      byte = static_cast<std::uint8_t>(rng.next());
    Bytes output;
    (void)lzw_decompress(stream, 5000, output);
    REQUIRE(output.size() <= 5000);
  }
}

}  // namespace gossip::wire
