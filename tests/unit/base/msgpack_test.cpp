#include "base/msgpack.h"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <msgpack.hpp>

namespace gossip::base::msgpack {
namespace {

using Status = Reader::Status;

// What msgpack-cxx, the second opinion, writes.
template <typename Write>
Bytes theirs(Write write) {
  ::msgpack::sbuffer buffer;
  ::msgpack::packer<::msgpack::sbuffer> packer(buffer);
  write(packer);
  const ByteView bytes = as_bytes({buffer.data(), buffer.size()});
  return {bytes.begin(), bytes.end()};
}

template <typename Write>
Bytes ours(Flavour flavour, Write write) {
  Bytes out;
  Writer writer(out, flavour);
  write(writer);
  return out;
}

template <typename T>
T value_of(const Bytes& bytes, Status expected = Status::Good) {
  Reader reader(bytes);
  T value{};
  reader.read(value);
  CHECK(reader.status() == expected);
  if (expected == Status::Good) CHECK(reader.offset() == bytes.size());
  return value;
}

Status skipped(const Bytes& bytes, Limits limits = {}) {
  Reader reader(bytes, limits);
  reader.skip();
  if (reader.good()) CHECK(reader.offset() == bytes.size());
  return reader.status();
}

TEST_CASE("unsigned numbers go out in the shortest form and come back") {
  for (unsigned shift = 0; shift < 64; ++shift) {
    for (const std::uint64_t value :
         {std::uint64_t{1} << shift, (std::uint64_t{1} << shift) - 1, ~std::uint64_t{0} >> shift}) {
      const Bytes bytes = ours(Flavour::Gossip, [&](Writer& writer) { writer.write(value); });
      CHECK(bytes == theirs([&](auto& packer) { packer.pack_uint64(value); }));
      CHECK(value_of<std::uint64_t>(bytes) == value);
    }
  }
}

TEST_CASE("signed numbers go out unsigned where they can, as Serf 0.9.4 writes them") {
  for (unsigned shift = 0; shift < 63; ++shift) {
    const std::int64_t power = std::int64_t{1} << shift;
    for (const std::int64_t value : {power, power - 1, -power, -power - 1}) {
      const Bytes bytes = ours(Flavour::Rpc, [&](Writer& writer) { writer.write(value); });
      CHECK(bytes == theirs([&](auto& packer) { packer.pack_int64(value); }));
      CHECK(value_of<std::int64_t>(bytes) == value);
    }
  }
  const std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  CHECK(value_of<std::int64_t>(ours(Flavour::Rpc, [&](Writer& w) { w.write(lowest); })) == lowest);
}

TEST_CASE("any integer form is read if its value fits the field") {
  CHECK(value_of<std::uint32_t>({0xd0, 0x01}) == 1);
  CHECK(value_of<std::uint32_t>({0xd1, 0x00, 0x80}) == 128);
  CHECK(value_of<std::uint32_t>({0xd2, 0x7f, 0xff, 0xff, 0xff}) == 0x7fffffff);
  CHECK(value_of<std::uint32_t>({0xd3, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}) == 0xffffffff);
  CHECK(value_of<std::uint16_t>({0xcf, 0, 0, 0, 0, 0, 0, 0x1f, 0x0a}) == 7946);
  CHECK(value_of<std::uint16_t>({0xce, 0, 1, 0, 0}, Status::Bad) == 0);
  CHECK(value_of<std::uint8_t>({0xcd, 1, 0}, Status::Bad) == 0);
  CHECK(value_of<std::uint32_t>({0xff}, Status::Bad) == 0);
  CHECK(value_of<std::uint32_t>({0xd1, 0xff, 0xff}, Status::Bad) == 0);
  CHECK(value_of<std::int64_t>({0xff}) == -1);
  CHECK(value_of<std::int64_t>({0xe0}) == -32);
  CHECK(value_of<std::int64_t>({0xd1, 0xff, 0x00}) == -256);
  CHECK(value_of<std::int32_t>({0xcd, 0xff, 0xff}) == 65535);
  CHECK(value_of<std::int32_t>({0xd2, 0x80, 0, 0, 0}) == std::numeric_limits<std::int32_t>::min());
  CHECK(value_of<std::int32_t>({0xd3, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff},
                               Status::Bad) == 0);
  CHECK(value_of<std::int64_t>({0xcf, 0x80, 0, 0, 0, 0, 0, 0, 0}, Status::Bad) == 0);
}

TEST_CASE("nil is the zero of every kind and replaces what was there") {
  std::uint32_t number = 7;
  std::int64_t integer = -7;
  bool truth = true;
  double real = 7;
  std::string_view text = "seven";
  const Bytes seven{7};
  ByteView bytes = seven;
  const Bytes nils(8, 0xc0);
  Reader reader(nils);
  reader.read(number);
  reader.read(integer);
  reader.read(truth);
  reader.read(real);
  reader.read(text);
  reader.read(bytes);
  CHECK(reader.read_map() == 0);
  CHECK(reader.read_list() == 0);
  CHECK(reader.good());
  CHECK(number == 0);
  CHECK(integer == 0);
  CHECK_FALSE(truth);
  CHECK(real == 0);
  CHECK(text.empty());
  CHECK(bytes.empty());
}

TEST_CASE("a bool is a bool, or 0 or 1") {
  CHECK(value_of<bool>({0xc3}));
  CHECK_FALSE(value_of<bool>({0xc2}));
  CHECK(value_of<bool>({0x01}));
  CHECK_FALSE(value_of<bool>({0x00}));
  CHECK(value_of<bool>({0xcc, 0x01}));
  CHECK_FALSE(value_of<bool>({0x02}, Status::Bad));
  CHECK_FALSE(value_of<bool>({0xff}, Status::Bad));
  CHECK_FALSE(value_of<bool>({0xa1, 0x31}, Status::Bad));
}

TEST_CASE("a double may be a float or an integer") {
  CHECK(ours(Flavour::Gossip, [](Writer& writer) { writer.write(0.0); }) ==
        Bytes{0xcb, 0, 0, 0, 0, 0, 0, 0, 0});
  for (const double value : {0.5, -0.0005, 1e-5}) {
    const Bytes bytes = ours(Flavour::Gossip, [&](Writer& writer) { writer.write(value); });
    CHECK(bytes == theirs([&](auto& packer) { packer.pack_double(value); }));
    CHECK(value_of<double>(bytes) == value);
  }
  CHECK(value_of<double>(theirs([](auto& packer) { packer.pack_float(0.25F); })) == 0.25);
  CHECK(value_of<double>({0x05}) == 5);
  CHECK(value_of<double>({0xd0, 0x80}) == -128);
  CHECK(value_of<double>({0xc3}, Status::Bad) == 0);
}

TEST_CASE("gossip strings are old raw, RPC strings are str8 and bin") {
  for (const std::size_t size : {0U, 1U, 31U, 32U, 255U, 256U, 65535U, 65536U}) {
    const std::string text(size, 'n');
    const auto length = static_cast<std::uint32_t>(size);
    const ByteView bytes = as_bytes(text);
    const Bytes raw = theirs(
        [&](auto& packer) { packer.pack_v4raw(length).pack_v4raw_body(text.data(), length); });
    const Bytes str =
        theirs([&](auto& packer) { packer.pack_str(length).pack_str_body(text.data(), length); });
    const Bytes bin =
        theirs([&](auto& packer) { packer.pack_bin(length).pack_bin_body(text.data(), length); });
    CHECK(ours(Flavour::Gossip, [&](Writer& writer) { writer.write(text); }) == raw);
    CHECK(ours(Flavour::Gossip, [&](Writer& writer) { writer.write(bytes); }) == raw);
    CHECK(ours(Flavour::Rpc, [&](Writer& writer) { writer.write(text); }) == str);
    CHECK(ours(Flavour::Rpc, [&](Writer& writer) { writer.write(bytes); }) == bin);
    for (const Bytes& form : {raw, str, bin}) {
      CHECK(value_of<std::string_view>(form).size() == size);
      CHECK(value_of<ByteView>(form).size() == size);
      CHECK(skipped(form) == Status::Good);
    }
  }
}

TEST_CASE("an empty value is nil where the field says so") {
  CHECK(ours(Flavour::Rpc, [](Writer& writer) { writer.write_bytes_or_nil({}); }) == Bytes{0xc0});
  const Bytes one{1};
  CHECK(ours(Flavour::Rpc, [&](Writer& writer) { writer.write_bytes_or_nil(one); }) ==
        Bytes{0xc4, 1, 1});
  CHECK(ours(Flavour::Gossip, [&](Writer& writer) { writer.write_bytes_or_nil(one); }) ==
        Bytes{0xa1, 1});
}

TEST_CASE("heads of maps and lists in all widths") {
  for (const std::uint32_t count : {0U, 15U, 16U, 65535U, 65536U}) {
    const Bytes map = ours(Flavour::Gossip, [&](Writer& writer) { writer.write_map(count); });
    const Bytes list = ours(Flavour::Gossip, [&](Writer& writer) { writer.write_list(count); });
    CHECK(map == theirs([&](auto& packer) { packer.pack_map(count); }));
    CHECK(list == theirs([&](auto& packer) { packer.pack_array(count); }));
    Reader map_reader(map);
    CHECK(map_reader.read_map() == count);
    CHECK(map_reader.good());
    Reader list_reader(list);
    CHECK(list_reader.read_list() == count);
    CHECK(list_reader.good());
    Reader wrong(list);
    CHECK(wrong.read_map() == 0);
    CHECK(wrong.status() == Status::Bad);
  }
}

TEST_CASE("fields of a map are a key and a value") {
  const Bytes bytes = ours(Flavour::Gossip, [](Writer& writer) {
    writer.write_map(3);
    writer.field("CC", true);
    writer.field("ID", std::uint32_t{300});
    writer.field("Name", std::string("b"));
  });
  CHECK(bytes == Bytes{0x83, 0xa2, 'C', 'C', 0xc3, 0xa2, 'I', 'D', 0xcd, 0x01, 0x2c,  //
                       0xa4, 'N', 'a', 'm', 'e', 0xa1, 'b'});
}

TEST_CASE("skip steps over every kind, ext included") {
  CHECK(skipped({0xc0}) == Status::Good);
  CHECK(skipped({0x92, 0x81, 0xa1, 'a', 0x90, 0x80}) == Status::Good);
  CHECK(skipped({0xd4, 1, 0}) == Status::Good);
  CHECK(skipped({0xd6, 1, 0, 0, 0, 0}) == Status::Good);
  CHECK(skipped({0xc7, 3, 1, 0, 0, 0}) == Status::Good);
  CHECK(skipped({0xc8, 0, 1, 9, 0}) == Status::Good);
  CHECK(skipped({0xc9, 0, 0, 0, 0, 9}) == Status::Good);
  CHECK(skipped({0xdd, 0, 0, 0, 2, 1, 2}) == Status::Good);
  CHECK(skipped({0xdf, 0, 0, 0, 1, 1, 2}) == Status::Good);
  CHECK(skipped({0xc1}) == Status::Bad);
  CHECK(skipped({0x92, 0x01, 0xc1}) == Status::Bad);
}

TEST_CASE("every cut of an object asks for more") {
  const Bytes whole{0x83, 0xa1, 'a', 0x92, 0xcb, 0, 0,    0, 0,   0,   0, 0, 0, 0xc7, 1, 5, 9,  //
                    0xd9, 1,    'b', 0xcd, 1,    2, 0xc4, 1, 'c', 0xc3};
  REQUIRE(skipped(whole) == Status::Good);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(skipped(cut) == Status::More);
  }
}

TEST_CASE("nesting beyond the limit is bad, whatever is announced") {
  Bytes nested(kMaxSkippedDepth, 0x91);
  nested.push_back(0xc0);
  CHECK(skipped(nested) == Status::Good);
  nested.insert(nested.begin(), 0x91);
  CHECK(skipped(nested) == Status::Bad);
  CHECK(skipped(Bytes(100'000, 0x91)) == Status::Bad);
  CHECK(skipped(Bytes(3, 0x91)) == Status::More);
}

TEST_CASE("announced lengths and counts cost nothing and have limits") {
  CHECK(skipped({0xdb, 0xff, 0xff, 0xff, 0xff}) == Status::Bad);
  CHECK(skipped({0xc6, 0x01, 0x40, 0x00, 0x00}) == Status::More);  // 20 MiB are allowed
  CHECK(skipped({0xc6, 0x01, 0x40, 0x00, 0x01}) == Status::Bad);
  CHECK(skipped({0xc9, 0xff, 0xff, 0xff, 0xff, 1}) == Status::Bad);
  CHECK(skipped({0xdf, 0xff, 0xff, 0xff, 0xff}) == Status::More);
  CHECK(skipped({0xa4, 1, 2, 3, 4}, {.max_raw_bytes = 3}) == Status::Bad);
  CHECK(skipped({0x93, 1, 2, 3}, {.max_skipped_objects = 4}) == Status::Good);
  CHECK(skipped({0x93, 1, 2, 3}, {.max_skipped_objects = 3}) == Status::Bad);
}

TEST_CASE("a reader that has failed stays where it is") {
  const Bytes bytes{0xa1, 'a', 0x01};
  Reader reader(bytes);
  std::uint32_t number = 5;
  reader.read(number);
  CHECK(reader.status() == Status::Bad);
  CHECK(number == 0);
  const std::size_t offset = reader.offset();
  std::string_view text;
  reader.read(text);
  reader.skip();
  CHECK_FALSE(reader.take_nil());
  CHECK(reader.read_map() == 0);
  CHECK(reader.offset() == offset);
  CHECK(reader.status() == Status::Bad);
}

TEST_CASE("take_nil takes a nil and nothing else") {
  const Bytes bytes{0xc0, 0x01};
  Reader reader(bytes);
  CHECK(reader.take_nil());
  CHECK_FALSE(reader.take_nil());
  CHECK(reader.rest().size() == 1);
  reader.skip();
  CHECK_FALSE(reader.take_nil());
  CHECK(reader.good());
}

}  // namespace
}  // namespace gossip::base::msgpack
