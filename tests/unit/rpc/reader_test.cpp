#include "rpc/reader.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace gossip::rpc {
namespace {

constexpr std::size_t kLimit = 1024;

Bytes bytes(std::initializer_list<int> values) {
  Bytes out;
  for (const int value : values)
    out.push_back(static_cast<std::uint8_t>(value));
  return out;
}

std::vector<Bytes> all(Reader& reader) {
  std::vector<Bytes> objects;
  for (;;) {
    const Reader::Result result = reader.next(kLimit);
    if (result.status != Reader::Status::Complete) break;
    objects.emplace_back(result.object.begin(), result.object.end());
  }
  return objects;
}

Reader::Status status_of(const Bytes& input, std::size_t limit = kLimit) {
  Reader reader;
  reader.feed(input);
  return reader.next(limit).status;
}

// One of every type byte's shape, 0xc1 left out.
std::vector<Bytes> every_shape() {
  std::vector<Bytes> shapes{
      bytes({0x00}),
      bytes({0x7f}),
      bytes({0xff}),
      bytes({0xc0}),
      bytes({0xc3}),
      bytes({0x80}),
      bytes({0x81, 0xa1, 'a', 0x01}),
      bytes({0x92, 0x90, 0x81, 0x01, 0x92, 0x02, 0x03}),
      bytes({0xa3, 'a', 'b', 'c'}),
      bytes({0xc4, 1, 9}),
      bytes({0xc5, 0, 1, 9}),
      bytes({0xc6, 0, 0, 0, 1, 9}),
      bytes({0xc7, 1, 5, 9}),
      bytes({0xc8, 0, 1, 5, 9}),
      bytes({0xc9, 0, 0, 0, 1, 5, 9}),
      bytes({0xd9, 1, 'a'}),
      bytes({0xda, 0, 1, 'a'}),
      bytes({0xdb, 0, 0, 0, 1, 'a'}),
      bytes({0xdc, 0, 1, 0xc0}),
      bytes({0xdd, 0, 0, 0, 2, 0xc0, 0xc2}),
      bytes({0xde, 0, 1, 0xa0, 0xc0}),
      bytes({0xdf, 0, 0, 0, 1, 0xa0, 0xc0}),
  };
  const std::vector<std::pair<int, std::size_t>> fixed{
      {0xca, 4}, {0xcb, 8}, {0xcc, 1}, {0xcd, 2}, {0xce, 4}, {0xcf, 8}, {0xd0, 1}, {0xd1, 2},
      {0xd2, 4}, {0xd3, 8}, {0xd4, 2}, {0xd5, 3}, {0xd6, 5}, {0xd7, 9}, {0xd8, 17}};
  for (const auto& [tag, size] : fixed) {
    Bytes shape(1 + size, 0x01);
    shape[0] = static_cast<std::uint8_t>(tag);
    shapes.push_back(shape);
  }
  return shapes;
}

TEST_CASE("objects of every shape are told apart in one stream") {
  Reader reader;
  const std::vector<Bytes> shapes = every_shape();
  for (const Bytes& shape : shapes)
    reader.feed(shape);
  CHECK(all(reader) == shapes);
  CHECK(reader.buffered_bytes() == 0);
}

TEST_CASE("an object may arrive byte by byte") {
  Reader reader;
  std::vector<Bytes> found;
  const std::vector<Bytes> shapes = every_shape();
  for (const Bytes& shape : shapes) {
    for (const std::uint8_t byte : shape) {
      reader.feed(ByteView(&byte, 1));
      for (const Bytes& object : all(reader))
        found.push_back(object);
    }
  }
  CHECK(found == shapes);
}

TEST_CASE("a length that no object may have is refused before its bytes arrive") {
  CHECK(status_of(bytes({0xdf, 0xff, 0xff, 0xff, 0xff})) == Reader::Status::TooLarge);
  CHECK(status_of(bytes({0xdd, 0x80, 0, 0, 0})) == Reader::Status::TooLarge);
  CHECK(status_of(bytes({0xdb, 0x7f, 0xff, 0xff, 0xff})) == Reader::Status::TooLarge);
  CHECK(status_of(bytes({0xc9, 0xff, 0xff, 0xff, 0xff})) == Reader::Status::TooLarge);
  // A list whose elements would just fit, but for the one after them.
  CHECK(status_of(bytes({0xdc, 0x03, 0xfd}), 1024) == Reader::Status::More);
  CHECK(status_of(bytes({0xdc, 0x03, 0xfe}), 1024) == Reader::Status::TooLarge);
}

TEST_CASE("many small elements together do not exceed the limit either") {
  Bytes input = bytes({0xdc, 0x00, 0x40});
  for (int i = 0; i < 0x40; ++i) {
    input.push_back(0xd9);
    input.push_back(31);
    input.insert(input.end(), 31, 'x');
  }
  CHECK(status_of(input) == Reader::Status::TooLarge);
  CHECK(status_of(input, 4096) == Reader::Status::Complete);
}

TEST_CASE("nesting ends at the limit") {
  Bytes deepest(kMaxNesting, 0x91);
  deepest.push_back(0xc0);
  CHECK(status_of(deepest) == Reader::Status::Complete);
  Bytes deeper(kMaxNesting + 1, 0x91);
  CHECK(status_of(deeper) == Reader::Status::TooDeep);
}

TEST_CASE("the byte that MessagePack never uses breaks the stream") {
  CHECK(status_of(bytes({0xc1})) == Reader::Status::Broken);
  CHECK(status_of(bytes({0x91, 0xc1})) == Reader::Status::Broken);
}

}  // namespace
}  // namespace gossip::rpc
