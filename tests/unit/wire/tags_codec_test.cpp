#include "wire/tags_codec.h"

#include <string>

#include "unit/wire/codec_vectors.h"

namespace gossip::wire {
namespace {

using test::for_each_flip;
using test::for_each_prefix;
using test::from_hex;
using test::Json;
using test::load_vectors;
using test::to_hex;

Tags tags_of(const Json& object) {
  Tags tags;
  for (const auto& [name, value] : object.items())
    tags[name] = value.get<std::string>();
  return tags;
}

TEST_CASE("tags are encoded and decoded as Serf does") {
  std::size_t encoded = 0;
  for (const Json& vector : load_vectors("tags.json")) {
    CAPTURE(vector.dump());
    // Go also reads a list as a map; nobody sends one, and it ends our decoding like any damage.
    if (vector.value("decode_only", "") == "ff93a161a162a163") continue;
    const std::string meta = vector.contains("meta") ? vector["meta"] : vector["decode_only"];
    CHECK(decode_tags(from_hex(meta)) == tags_of(vector["decoded"]));
    if (vector.contains("meta_head")) {
      CHECK(decode_tags(from_hex(vector["meta_head"].get<std::string>())).empty());
    }
    if (!vector.contains("tags")) continue;
    ++encoded;
    const Expected<Bytes> ours =
        encode_tags(tags_of(vector["tags"]), vector["serf_protocol"].get<std::uint8_t>());
    REQUIRE(ours.has_value());
    CHECK(to_hex(*ours) == meta);
  }
  CHECK(encoded == 24);
}

TEST_CASE("several tags go out in the order of their names") {
  const Expected<Bytes> meta = encode_tags({{"zone", "1"}, {"role", "web"}}, 5);
  REQUIRE(meta.has_value());
  CHECK(to_hex(*meta) == "ff82a4726f6c65a3776562a47a6f6e65a131");
  CHECK(decode_tags(*meta) == Tags{{"role", "web"}, {"zone", "1"}});
}

TEST_CASE("tags beyond the limit are refused with both numbers") {
  // Magic, map, "k" and a raw of 16-bit length: 7 bytes beside the value.
  CHECK(encode_tags({{"k", std::string(505, 'v')}}, 5).has_value());
  const Expected<Bytes> tags = encode_tags({{"k", std::string(606, 'v')}}, 5);
  REQUIRE_FALSE(tags.has_value());
  CHECK(tags.error().code == ErrorCode::TooLarge);
  CHECK(tags.error().message == "tags encode to 613 bytes, the limit is 512");
  CHECK(encode_tags({{"role", std::string(512, 'v')}}, 2).has_value());
  CHECK_FALSE(encode_tags({{"role", std::string(513, 'v')}}, 2).has_value());
}

TEST_CASE("of damaged tags those before the damage are kept") {
  const Expected<Bytes> meta = encode_tags({{"a", "1"}, {"b", "2"}}, 5);
  REQUIRE(meta.has_value());
  const Tags whole = decode_tags(*meta);
  for_each_prefix(*meta, [&](const Bytes& cut) {
    if (cut.empty()) return;
    for (const auto& [name, value] : decode_tags(cut))
      CHECK(whole.at(name) == value);
  });
  for_each_flip(*meta, [](const Bytes& bytes) { CHECK(decode_tags(bytes).size() <= 2); });
  CHECK(decode_tags(from_hex("ff82a161a131a162")) == Tags{{"a", "1"}});
  CHECK(decode_tags(from_hex("ff93a161a162a163")).empty());
}

TEST_CASE("no meta makes more tags than the limit") {
  Bytes meta = from_hex("ffde0300");  // 768 tags named by two bytes
  for (unsigned i = 0; i < 768; ++i) {
    meta.insert(meta.end(), {0xa2, static_cast<std::uint8_t>(i >> 8),
                             static_cast<std::uint8_t>(i & 0xff), 0xa0});
  }
  CHECK(decode_tags(meta).size() == kMaxTagsRead);
}

}  // namespace
}  // namespace gossip::wire
