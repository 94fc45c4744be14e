#include "wire/label.h"

#include <string>

#include <doctest/doctest.h>

namespace gossip::wire {

TEST_CASE("a label stands in front, behind its type and length") {
  Bytes out;
  append_label("ab", out);
  CHECK(out == Bytes{244, 2, 'a', 'b'});
  out.clear();
  append_label("", out);
  CHECK(out.empty());
}

TEST_CASE("a packet without label is taken as it is") {
  const Bytes packet = {11, 0x80};
  const std::optional<Labelled> split = split_label(packet);
  REQUIRE(split.has_value());
  CHECK(split->label.empty());
  CHECK(split->rest.data() == packet.data());
  CHECK(split_label({}).has_value());
}

TEST_CASE("a label header is whole or nothing") {
  Bytes packet;
  append_label(std::string(255, 'x'), packet);
  for (std::size_t size = 1; size < packet.size(); ++size) {
    REQUIRE_FALSE(split_label(ByteView(packet).first(size)).has_value());
  }
  const std::optional<Labelled> split = split_label(packet);
  REQUIRE(split.has_value());
  CHECK(split->label == std::string(255, 'x'));
  CHECK(split->rest.empty());
  CHECK_FALSE(split_label(Bytes{244, 0, 11}).has_value());
}

}  // namespace gossip::wire
