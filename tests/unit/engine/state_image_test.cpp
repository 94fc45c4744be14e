#include "engine/state_image.h"

#include <numeric>

#include <doctest/doctest.h>

#include "base/rng.h"
#include "wire/stream.h"

namespace gossip::engine {
namespace {

constexpr wire::Wrapping kCompressing{
    .label = {}, .compression = Compression::On, .cipher = nullptr};

Bytes state(std::uint8_t first) {
  Bytes body(10'000, 'x');
  body.front() = first;
  return body;
}

TEST_CASE("the same state has one image, another one its own") {
  StateImage image(Seed{1});
  const ByteView first = image.of(state(1), kCompressing);
  CHECK(Bytes(first.begin(), first.end()) == wire::compress_stream(state(1)).value());
  CHECK(image.of(state(1), kCompressing).data() == first.data());
  const ByteView other = image.of(state(2), kCompressing);
  CHECK(Bytes(other.begin(), other.end()) == wire::compress_stream(state(2)).value());
  Bytes longer = state(2);
  longer.push_back('x');
  const ByteView third = image.of(longer, kCompressing);
  CHECK(Bytes(third.begin(), third.end()) == wire::compress_stream(longer).value());
}

TEST_CASE("what is short, cannot be compressed, or shall not be, is its own image") {
  StateImage image(Seed{1});
  const Bytes body = state(1);
  const ByteView plain = image.of(body, {});
  CHECK(plain.data() == body.data());
  const Bytes small(100, 'x');
  CHECK(image.of(small, kCompressing).data() == small.data());
  base::Rng rng(Seed{2});
  Bytes noise(10'000);
  for (std::uint8_t& byte : noise)
    byte = static_cast<std::uint8_t>(rng.next());
  for (int i = 0; i < 2; ++i) {
    const ByteView same = image.of(noise, kCompressing);
    CHECK(same.data() == noise.data());
    CHECK(same.size() == noise.size());
  }
}

}  // namespace
}  // namespace gossip::engine
