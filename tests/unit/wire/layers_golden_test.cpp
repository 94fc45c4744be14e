// The byte layers against what the real Serf makes: tests/data/vectors/README.md says how each file was made.
#include <algorithm>
#include <optional>
#include <string>

#include <doctest/doctest.h>
#include <nettle/sha2.h>

#include "codec_vectors.h"
#include "fixed_nonces.h"
#include "wire/cipher.h"
#include "wire/compound.h"
#include "wire/compress.h"
#include "wire/label.h"
#include "wire/lzw.h"
#include "wire/packet.h"

namespace gossip::wire::test {

namespace {

Bytes pairs(std::size_t count) {
  Bytes bytes;
  for (unsigned a = 0; a < 256 && bytes.size() < count; ++a) {
    bytes.push_back(static_cast<std::uint8_t>(a));
    for (unsigned b = a + 1; b < 256; ++b) {
      bytes.push_back(static_cast<std::uint8_t>(a));
      bytes.push_back(static_cast<std::uint8_t>(b));
    }
  }
  bytes.resize(count);
  return bytes;
}

Bytes xorshift(std::size_t count) {
  Bytes bytes;
  std::uint32_t x = 2463534242U;
  while (bytes.size() < count) {
    x ^= x << 13U;
    x ^= x >> 17U;
    x ^= x << 5U;
    bytes.push_back(static_cast<std::uint8_t>(x));
  }
  return bytes;
}

Bytes node_names() {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += "node-" + std::to_string(i) + " ";
  return {text.begin(), text.end()};
}

Bytes lzw_input(const Json& vector) {
  if (vector.contains("input")) return from_hex(vector["input"].get<std::string>());
  const auto rule = vector["input_made_by"].get<std::string>();
  const auto count = vector["input_bytes"].get<std::size_t>();
  if (rule.starts_with("pairs(")) return pairs(count);
  if (rule.starts_with("xorshift(")) return xorshift(count);
  if (rule.starts_with("zeros(")) return Bytes(count, 0);
  return node_names();
}

std::string sha256(ByteView bytes) {
  sha256_ctx context{};
  sha256_init(&context);
  sha256_update(&context, bytes.size(), bytes.data());
  Bytes digest(SHA256_DIGEST_SIZE);
  sha256_digest(&context, digest.size(), digest.data());
  return to_hex(digest);
}

Bytes bytes_field(const Json& vector, const char* key) {
  return from_hex(hex_field(vector, key));
}

Cipher cipher_of(const std::vector<Bytes>& keys) {
  Keyring ring;
  for (const Bytes& key : keys)
    REQUIRE(ring.add(key).has_value());
  return Cipher(ring);
}

}  // namespace

TEST_CASE("LZW streams are made and read byte for byte") {
  for (const Json& vector : load_vectors("lzw.json")) {
    CAPTURE(vector["name"].get<std::string>());
    const Bytes input = lzw_input(vector);
    REQUIRE(sha256(input) == vector["input_sha256"].get<std::string>());
    Bytes stream = {0x55};  // appended to what is there
    lzw_compress(input, stream);
    REQUIRE(stream.front() == 0x55);
    stream.erase(stream.begin());
    CHECK(stream.size() == vector["lzw_bytes"].get<std::size_t>());
    CHECK(sha256(stream) == vector["lzw_sha256"].get<std::string>());

    Bytes output = {0x66};
    REQUIRE(lzw_decompress(stream, input.size(), output) == Inflated::Done);
    CHECK(std::equal(output.begin() + 1, output.end(), input.begin(), input.end()));
    if (!input.empty()) {
      output.clear();
      CHECK(lzw_decompress(stream, input.size() - 1, output) == Inflated::TooLarge);
      CHECK(output.size() < input.size());
    }
  }
}

TEST_CASE("odd LZW streams give what upstream's decoder gives") {
  for (const Json& vector : load_vectors("lzw-decode.json")) {
    CAPTURE(vector["name"].get<std::string>());
    const Bytes stream = bytes_field(vector, "lzw");
    const bool other_algorithm = vector["name"] == "unknown-algorithm-1";
    const CompressHeader header{static_cast<std::uint8_t>(other_algorithm ? 1 : 0), stream};
    Bytes output;
    const tl::expected<void, Drop> result = inflate(header, 64 * 1024, output);
    if (vector.contains("error")) {
      REQUIRE_FALSE(result.has_value());
      CHECK(result.error() == Drop::BadCompression);
    } else if (hex_field(vector, "output").empty()) {
      REQUIRE_FALSE(result.has_value());
      CHECK(result.error() == Drop::Empty);
    } else {
      REQUIRE(result.has_value());
      CHECK(to_hex(output) == hex_field(vector, "output"));
    }
  }
}

TEST_CASE("compounds are made and taken apart as upstream does") {
  for (const Json& vector : load_vectors("compound.json")) {
    CAPTURE(vector["name"].get<std::string>());
    const Bytes compound = bytes_field(vector, "hex");
    std::vector<ByteView> parts;
    const Compound result = split_compound(ByteView(compound).subspan(1), parts);
    if (vector.contains("decode_error")) {
      CHECK(result == Compound::Damaged);
      CHECK(parts.empty());
      continue;
    }
    std::vector<std::string> hex;
    for (const ByteView part : parts)
      hex.push_back(to_hex(part));
    CHECK(hex == vector["parts"].get<std::vector<std::string>>());
    const bool cut = vector.contains("decode_truncated") && vector["decode_truncated"] != 0;
    CHECK(result == (cut ? Compound::TailLost : Compound::Whole));
    if (vector.contains("understood_by_094") && vector["understood_by_094"]) {
      Bytes made;
      append_compound(parts, made);
      CHECK(to_hex(made) == hex_field(vector, "hex"));
    }
  }
}

TEST_CASE("labels are put in front and taken off") {
  for (const Json& vector : load_vectors("labels.json")) {
    CAPTURE(vector["name"].get<std::string>());
    const Bytes packet = bytes_field(vector, "packet");
    const std::optional<Labelled> split = split_label(packet);
    CHECK(split.has_value() == !vector.contains("error"));
    if (!split) continue;
    CHECK(split->label == vector["label"].get<std::string>());
    CHECK(to_hex(split->rest) == hex_field(vector, vector.contains("rest") ? "rest" : "body"));
    Bytes made;
    append_label(split->label, made);
    made.insert(made.end(), split->rest.begin(), split->rest.end());
    CHECK(made == packet);
  }
}

TEST_CASE("packets of both encryption versions are opened, version 1 is sealed byte for byte") {
  for (const Json& vector : load_vectors("encrypted-packets.json")) {
    CAPTURE(vector["name"].get<std::string>());
    const Cipher cipher = cipher_of({bytes_field(vector, "key")});
    const Bytes sealed = bytes_field(vector, "hex");
    const Bytes associated = bytes_field(vector, "aad");
    Bytes plain = {1, 2, 3};
    REQUIRE(cipher.open(sealed, associated, plain));
    CHECK(to_hex(plain) == hex_field(vector, "plain"));
    if (vector["version"] == 1) {
      FixedNonces nonces(bytes_field(vector, "nonce"));
      Bytes out = {0x77};
      cipher.seal(plain, associated, nonces.next(), out);
      CHECK(to_hex(out) == "77" + hex_field(vector, "hex"));
    }
  }
}

TEST_CASE("the second key opens, and damage does not") {
  for (const Json& vector : load_vectors("decrypt-cases.json")) {
    CAPTURE(vector["name"].get<std::string>());
    std::vector<Bytes> keys;
    for (const Json& key : vector["keys"])
      keys.push_back(from_hex(key.get<std::string>()));
    const Cipher cipher = cipher_of(keys);
    Bytes plain = {1, 2, 3};
    const bool opened = cipher.open(bytes_field(vector, "hex"), bytes_field(vector, "aad"), plain);
    CHECK(opened == !vector.contains("error"));
    CHECK(to_hex(plain) == hex_field(vector, "plain"));
  }
}

TEST_CASE("every combination of wrappers comes apart, and each layer is made byte for byte") {
  const Json vectors = load_vectors("wrapped-packets.json");
  const std::string compound = hex_field(vectors.at(0), "hex");
  std::vector<ByteView> parts;
  const Bytes compound_bytes = from_hex(compound);
  REQUIRE(split_compound(ByteView(compound_bytes).subspan(1), parts) == Compound::Whole);

  for (const Json& vector : vectors) {
    const auto name = vector["name"].get<std::string>();
    CAPTURE(name);
    std::optional<Cipher> cipher;
    if (vector.contains("key")) cipher.emplace(cipher_of({bytes_field(vector, "key")}));
    const std::string label = text_field(vector, "label");
    const Wrapping wrapping{label, Compression::Off, cipher ? &*cipher : nullptr};
    const Bytes packet = bytes_field(vector, "hex");

    PacketOpener opener;
    const auto messages = opener.open(packet, wrapping);
    REQUIRE(messages.has_value());
    REQUIRE(messages->size() == parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      CHECK(to_hex((*messages)[i]) == to_hex(parts[i]));
    }

    const Bytes inner = bytes_field(vector, "inner");
    FixedNonces nonces(bytes_field(vector, "nonce"));
    if (name == "plain") {
      CHECK(seal_packet(parts, Crc::Off, wrapping, nonces) == packet);
    } else if (name.starts_with("crc(")) {
      CHECK(add_crc(inner) == packet);
    } else if (name.starts_with("compress(")) {
      CHECK(compress_message(inner) == packet);
    } else if (name.find("encrypt-v1") != std::string::npos) {
      const std::vector<ByteView> one = {inner};
      CHECK(seal_packet(one, Crc::Off, wrapping, nonces) == packet);
      CHECK(nonces.given() == 1);
    }
  }
}

}  // namespace gossip::wire::test
