#include "wire/node_row.h"

#include <array>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "base/msgpack.h"
#include "wire/swim_codec.h"

namespace gossip::wire {
namespace {

using base::msgpack::Flavour;
using base::msgpack::Writer;

// The row as the general writer puts it, which the golden vectors have checked.
Bytes by_the_book(const NodeState& row) {
  Bytes out;
  Writer writer(out, Flavour::Gossip);
  writer.write_map(7);
  writer.write("Addr");
  writer.write_bytes_or_nil(row.address);
  writer.field("Incarnation", row.incarnation);
  writer.write("Meta");
  writer.write_bytes_or_nil(row.meta);
  writer.field("Name", row.name);
  writer.field("Port", row.port);
  writer.field("State", static_cast<std::uint8_t>(row.state));
  writer.write("Vsn");
  writer.write_bytes_or_nil(row.versions);
  return out;
}

constexpr std::array<std::uint8_t, 6> kVersions{1, 5, 2, 2, 5, 4};
constexpr std::array<std::uint8_t, 4> kIp{192, 0, 2, 1};

NodeState typical() {
  return {.name = "node-1",
          .address = kIp,
          .port = 7946,
          .meta = as_bytes("\xff\x80"),
          .incarnation = 3,
          .state = NodeStateKind::Alive,
          .versions = kVersions};
}

void check_both_ways(const NodeState& row) {
  Bytes written{0x55};  // what stands before it stays
  append(row, written);
  const Bytes expected = by_the_book(row);
  REQUIRE(ByteView(written).size() == expected.size() + 1);
  CHECK(std::equal(expected.begin(), expected.end(), written.begin() + 1));
  CHECK(written.front() == 0x55);

  written.push_back(0x55);
  std::size_t offset = 1;
  NodeState read;
  REQUIRE(take_row(written, offset, read));
  CHECK(offset == written.size() - 1);
  CHECK(read.name == row.name);
  CHECK(as_text(read.address) == as_text(row.address));
  CHECK(read.port == row.port);
  CHECK(as_text(read.meta) == as_text(row.meta));
  CHECK(read.incarnation == row.incarnation);
  CHECK(read.state == row.state);
  CHECK(as_text(read.versions) == as_text(row.versions));
}

TEST_CASE("a row is written and read as by the general codec, whatever its lengths and numbers") {
  const std::string text(70'000, 'x');
  for (const std::size_t length :
       std::initializer_list<std::size_t>{0, 1, 31, 32, 255, 256, 512, 65'535, 65'536}) {
    CAPTURE(length);
    NodeState row = typical();
    row.meta = as_bytes(std::string_view(text).substr(0, length));
    if (length <= 65'535) check_both_ways(row);
    row = typical();
    row.name = std::string_view(text).substr(0, length);
    if (length <= 65'535) check_both_ways(row);
    Bytes out;
    append(row, out);
    CHECK(out == by_the_book(row));
  }
  for (const std::uint32_t number : {0U, 127U, 128U, 255U, 256U, 65'535U, 65'536U, 0xffff'ffffU}) {
    CAPTURE(number);
    NodeState row = typical();
    row.incarnation = number;
    row.port = static_cast<std::uint16_t>(number);
    check_both_ways(row);
  }
  for (const int state : {0, 1, 2, 3}) {
    NodeState row = typical();
    row.state = static_cast<NodeStateKind>(state);
    check_both_ways(row);
  }
  NodeState bare = typical();
  bare.address = {};
  bare.versions = {};
  check_both_ways(bare);
}

TEST_CASE("a row that is not complete is not read, wherever it ends") {
  Bytes whole;
  NodeState row = typical();
  row.incarnation = 70'000;
  const std::string meta(300, 'm');
  row.meta = as_bytes(meta);
  append(row, whole);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    std::size_t offset = 0;
    NodeState read;
    CHECK_FALSE(take_row(ByteView(whole).first(length), offset, read));
    CHECK(offset == 0);
    CHECK(read.name.empty());
    CHECK(parse(ByteView(whole).first(length), offset, read) == Parse::More);
  }
}

TEST_CASE("other forms are left to the general codec") {
  Bytes out;
  Writer writer(out, Flavour::Rpc);  // str8 and bin
  writer.write_map(3);
  writer.field("Vsn", ByteView(kVersions));
  writer.field("Name", std::string_view("node-1"));
  writer.field("Unknown", 7);
  std::size_t offset = 0;
  NodeState read;
  CHECK_FALSE(take_row(out, offset, read));
  CHECK(parse(out, offset, read) == Parse::Done);
  CHECK(read.name == "node-1");
  CHECK(offset == out.size());
}

TEST_CASE("ports and states out of range are no row") {
  for (const bool port : {true, false}) {
    Bytes out;
    Writer writer(out, Flavour::Gossip);
    writer.write_map(7);
    writer.write("Addr");
    writer.write_bytes_or_nil(kIp);
    writer.field("Incarnation", 1);
    writer.write("Meta");
    writer.write_nil();
    writer.field("Name", std::string_view("x"));
    writer.field("Port", port ? 65'536 : 1);
    writer.field("State", port ? 0 : 4);
    writer.write("Vsn");
    writer.write_bytes_or_nil(kVersions);
    std::size_t offset = 0;
    NodeState read;
    CHECK_FALSE(take_row(out, offset, read));
    CHECK(parse(out, offset, read) == Parse::Bad);
  }
}

}  // namespace
}  // namespace gossip::wire
