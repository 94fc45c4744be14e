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

TEST_CASE("a mismatch is told with both labels and a remedy, and harmless to print") {
  Bytes packet;
  append_label("two", packet);
  const std::string text = describe_mismatch(packet, "one");
  CHECK(text.find(
            "carries the cluster label \"two\", this node's is \"one\": give both the same") == 0);
  CHECK(describe_mismatch(packet, "").find("\"two\", this node has none: ") != std::string::npos);
  CHECK(describe_mismatch(Bytes{0}, "one").find("carries no cluster label, ") == 0);
  CHECK(describe_mismatch(Bytes{244, 0}, "one").find("begins like a cluster label ") == 0);
  Bytes evil;
  append_label(std::string("a\n\"\\\xff") + std::string(250, 'x'), evil);
  const std::string shown = describe_mismatch(evil, "");
  CHECK(shown.find("\"a\\x0a\\x22\\x5c\\xff" + std::string(59, 'x') + "…\"") != std::string::npos);
}

}  // namespace gossip::wire
