// Every datagram and stream that was recorded between real agents opens into what the recording says.
#include <map>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "codec_vectors.h"
#include "wire/packet.h"
#include "wire/stream.h"

namespace gossip::wire::test {

namespace {

// Label and keys of a recording.
struct Recording {
  explicit Recording(const std::string& file) : json(load_vectors("captures/" + file)) {
    label = text_field(json, "label");
    Keyring ring;
    for (const Json& key : json["keys"])
      REQUIRE(ring.add(from_hex(key.get<std::string>())));
    if (!ring.empty()) cipher.emplace(ring);
  }

  [[nodiscard]] Wrapping wrapping() {
    return {label, Compression::Off, cipher ? &*cipher : nullptr};
  }

  Json json;
  std::string label;
  std::optional<Cipher> cipher;
};

MessageType type_named(const std::string& kind) {
  static const std::map<std::string, MessageType> kTypes = {
      {"ping", MessageType::Ping},       {"indirect-ping", MessageType::IndirectPing},
      {"ack", MessageType::Ack},         {"nack", MessageType::Nack},
      {"suspect", MessageType::Suspect}, {"alive", MessageType::Alive},
      {"dead", MessageType::Dead}};
  return kTypes.at(kind);
}

// The messages that the recording found in a datagram, through compression and compounds.
void append_types(const Json& message, std::vector<MessageType>& types) {
  if (message.contains("compress")) {
    append_types(message["compress"], types);
  } else if (message.contains("compound")) {
    for (const Json& part : message["compound"])
      append_types(part, types);
  } else {
    types.push_back(message.contains("user") ? MessageType::User : type_named(message["kind"]));
  }
}

void check_message(const StreamMessage& message, const Json& decoded) {
  const auto kind = decoded["kind"].get<std::string>();
  CAPTURE(kind);
  if (kind == "push-pull") {
    const auto& push_pull = std::get<PushPull>(message);
    CHECK(push_pull.join == decoded["Join"].get<bool>());
    REQUIRE(push_pull.nodes.size() == decoded["nodes"].size());
    for (std::size_t i = 0; i < push_pull.nodes.size(); ++i) {
      const Json& row = decoded["nodes"][i];
      CHECK(push_pull.nodes[i].name == row["Name"].get<std::string>());
      CHECK("0x" + to_hex(push_pull.nodes[i].address) == row["Addr"].get<std::string>());
      CHECK(push_pull.nodes[i].incarnation == row["Incarnation"].get<std::uint32_t>());
    }
    CHECK(push_pull.user_state.size() == decoded["UserStateLen"].get<std::size_t>());
    if (!push_pull.user_state.empty()) CHECK(push_pull.user_state.front() == 2);
  } else if (kind == "ping") {
    CHECK(std::get<Ping>(message).sequence == decoded["SeqNo"].get<std::uint32_t>());
  } else if (kind == "ack") {
    CHECK(std::get<Ack>(message).sequence == decoded["SeqNo"].get<std::uint32_t>());
  } else {
    FAIL("a kind that nobody checks");
  }
}

void check_stream(ByteView bytes, StreamSide writer, const Json& decoded,
                  const Wrapping& wrapping) {
  using Status = StreamReader::Status;
  StreamReader at_once(writer);
  if (bytes.empty()) {
    CHECK(at_once.feed(bytes, wrapping) == Status::More);
    return;
  }
  REQUIRE(at_once.feed(bytes, wrapping) == Status::Message);
  check_message(at_once.message(), decoded);

  StreamReader in_pieces(writer);
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    REQUIRE(in_pieces.feed(bytes.subspan(i, 1), wrapping) == Status::More);
  }
  REQUIRE(in_pieces.feed(bytes.last(1), wrapping) == Status::Message);
  check_message(in_pieces.message(), decoded);
}

}  // namespace

TEST_CASE("every recorded datagram and stream opens") {
  for (const std::string file :
       {"lifecycle-094-plain.json", "lifecycle-094-compressed.json", "lifecycle-094-encrypted.json",
        "lifecycle-mixed-plain.json", "failures-094.json", "keys-094.json",
        "name-conflict-094.json", "label-head-plain.json", "label-head-encrypted.json"}) {
    CAPTURE(file);
    Recording recording(file);
    PacketOpener opener;
    for (const Json& packet : recording.json["packets"]) {
      CAPTURE(packet["n"].get<int>());
      const Bytes datagram = from_hex(packet["hex"].get<std::string>());
      const auto messages = opener.open(datagram, recording.wrapping());
      REQUIRE(messages.has_value());
      std::vector<MessageType> types;
      for (const ByteView message : *messages) {
        types.push_back(static_cast<MessageType>(message.front()));
      }
      std::vector<MessageType> expected;
      append_types(packet["decoded"]["message"], expected);
      CHECK(types == expected);
    }
    for (const Json& stream : recording.json["streams"]) {
      CAPTURE(stream["n"].get<int>());
      check_stream(from_hex(hex_field(stream, "dialler_sends")), StreamSide::Dialler,
                   stream.value("dialler_sends_decoded", Json()), recording.wrapping());
      check_stream(from_hex(hex_field(stream, "acceptor_sends")), StreamSide::Acceptor,
                   stream.value("acceptor_sends_decoded", Json()), recording.wrapping());
    }
  }
}

TEST_CASE("recorded traffic of another cluster is refused") {
  Recording plain("lifecycle-094-plain.json");
  Recording encrypted("lifecycle-094-encrypted.json");
  Recording labelled("label-head-encrypted.json");
  const auto first_packet = [](const Recording& recording) {
    return from_hex(recording.json["packets"][0]["hex"].get<std::string>());
  };
  PacketOpener opener;
  CHECK(opener.open(first_packet(plain), encrypted.wrapping()).error() == Drop::Undecryptable);
  CHECK(opener.open(first_packet(labelled), encrypted.wrapping()).error() == Drop::WrongLabel);
  CHECK(opener.open(first_packet(encrypted), labelled.wrapping()).error() == Drop::WrongLabel);

  const auto first_stream = [](const Recording& recording) {
    return from_hex(recording.json["streams"][0]["dialler_sends"].get<std::string>());
  };
  const auto why = [&](const Recording& from, Recording& to) {
    StreamReader reader(StreamSide::Dialler);
    CHECK(reader.feed(first_stream(from), to.wrapping()) == StreamReader::Status::Broken);
    return reader.why();
  };
  CHECK(why(plain, encrypted) == Drop::Plaintext);
  CHECK(why(encrypted, plain) == Drop::Undecryptable);
  CHECK(why(labelled, encrypted) == Drop::WrongLabel);
  CHECK(why(encrypted, labelled) == Drop::WrongLabel);
}

}  // namespace gossip::wire::test
