// Whole stream bodies against what the real Serf makes, both ways.
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "codec_vectors.h"
#include "fixed_nonces.h"
#include "wire/compress.h"
#include "wire/stream.h"

namespace gossip::wire::test {

namespace {

using Status = StreamReader::Status;

// The message, encoded again by our own encoder.
std::string encode_again(const StreamMessage& message) {
  return to_hex(std::visit([](const auto& body) { return encode(body); }, message));
}

// Upstream tells an empty meta from none, which means the same to every reader; we always send none.
std::string without_empty_meta(std::string body) {
  const std::string empty_meta = "a44d657461a0";
  if (const std::size_t place = body.find(empty_meta); place != std::string::npos) {
    body.replace(place, empty_meta.size(), "a44d657461c0");
  }
  return body;
}

}  // namespace

TEST_CASE("stream bodies are read and made byte for byte") {
  for (const Json& vector : load_vectors("memberlist-streams.json")) {
    CAPTURE(vector["name"].get<std::string>());
    const Bytes body = from_hex(hex_field(vector, "hex"));
    StreamReader reader(StreamSide::Dialler);
    REQUIRE(reader.feed(body, Wrapping{}) == Status::Message);
    const std::string plain = hex_field(vector, vector.contains("plain") ? "plain" : "hex");
    CHECK(encode_again(reader.message()) == without_empty_meta(plain));
    if (vector.contains("plain")) CHECK(compress_message(from_hex(plain)) == body);
    if (vector.contains("user_message")) {
      CHECK(to_hex(std::get<UserMessage>(reader.message()).body) ==
            hex_field(vector, "user_message"));
    }
    if (!vector.contains("nodes")) continue;
    const auto& push_pull = std::get<PushPull>(reader.message());
    CHECK(push_pull.join == bool_field(vector, "join"));
    CHECK(to_hex(push_pull.user_state) == hex_field(vector, "user_state"));
    REQUIRE(push_pull.nodes.size() == vector["nodes"].size());
    for (std::size_t i = 0; i < push_pull.nodes.size(); ++i) {
      const Json& row = vector["nodes"][i];
      CHECK(push_pull.nodes[i].name == text_field(row, "Name"));
      CHECK(to_hex(push_pull.nodes[i].meta) == hex_field(row, "Meta"));
      CHECK(static_cast<int>(push_pull.nodes[i].state) == row["State"].get<int>());
    }
  }
}

TEST_CASE("encrypted streams are read in all versions and made byte for byte in version 1") {
  const Json first = load_vectors("memberlist-streams.json").at(0);  // what all of them hold
  const std::string push_pull = without_empty_meta(hex_field(first, "hex"));
  for (const Json& vector : load_vectors("encrypted-streams.json")) {
    CAPTURE(vector["name"].get<std::string>());
    Keyring ring;
    REQUIRE(ring.add(from_hex(hex_field(vector, "key"))));
    Cipher cipher(ring);
    const std::string label = text_field(vector, "label");
    const Wrapping wrapping{label, Compression::Off, &cipher};
    const Bytes frame = from_hex(hex_field(vector, "hex"));
    const Bytes plain = from_hex(hex_field(vector, "plain"));

    StreamReader reader(StreamSide::Acceptor);
    REQUIRE(reader.feed(frame, wrapping) == Status::Message);
    CHECK(encode_again(reader.message()) == push_pull);

    if (vector["version"] == 0) continue;
    FixedNonces nonces(from_hex(hex_field(vector, "nonce")));
    CHECK(to_hex(seal_stream(plain, StreamSide::Acceptor, wrapping, nonces)) ==
          hex_field(vector, "hex"));
    const Bytes dialled = seal_stream(plain, StreamSide::Dialler, wrapping, nonces);
    StreamReader acceptor(StreamSide::Dialler);
    CHECK(acceptor.feed(dialled, wrapping) == Status::Message);
  }
}

}  // namespace gossip::wire::test
