#include "engine/keys.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "gossip/engine.h"

#include "base/text_pool.h"
#include "unit/engine/lone.h"
#include "unit/test_data.h"
#include "wire/cipher.h"
#include "wire/cluster_codec.h"
#include "wire/keyring.h"
#include "wire/packet.h"
#include "wire/swim_messages.h"

namespace gossip {
namespace {

using nlohmann::json;

struct Node {
  Node(Config config, const Address& at) {
    engine = std::make_unique<Engine>(std::move(config), LocalAddress{at, at.port}, Seed{1}, nonces,
                                      texts);
    engine->start(kStart, out);
    out.clear();
  }
  template <typename Wanted>
  std::vector<Wanted> take() {
    std::vector<Wanted> found;
    for (Effect& effect : out) {
      if (auto* wanted = std::get_if<Wanted>(&effect)) found.push_back(std::move(*wanted));
    }
    out.clear();
    return found;
  }

  base::TextPool texts;
  CountedNonces nonces;
  std::unique_ptr<Engine> engine;
  Effects out;
};

Config named(std::string name) {
  Config config;
  config.node_name = std::move(name);
  return config;
}

// Alone in its cluster, with a key of sixteen 'A'.
Config lone_with_file() {
  Config config = named("a");
  config.encryption_keys = {Bytes(16, 'A')};
  config.keyring_path = "ring";
  return config;
}

const Address kHere{IpAddress::v4({127, 0, 0, 1}), kDefaultPort};

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

// What real agents said to each other, and opens with the keys that they had.
class Capture {
 public:
  explicit Capture(const std::string& name) {
    std::ifstream file(test_data("vectors/captures/" + name));
    REQUIRE(file);
    capture_ = json::parse(file);
    for (const json& key : capture_["keys"])
      REQUIRE(keyring_.add(from_hex(key)).has_value());
    if (!keyring_.empty()) cipher_.emplace(keyring_);
    wrapping_.cipher = cipher_ ? &*cipher_ : nullptr;
  }

  [[nodiscard]] const std::vector<Bytes>& keys() const { return keyring_.keys(); }

  // The answers to queries in a packet, whole.
  [[nodiscard]] std::vector<Bytes> answers(ByteView datagram) const {
    wire::PacketOpener opener;
    const auto messages = opener.open(datagram, wrapping_);
    REQUIRE(messages.has_value());
    std::vector<Bytes> found;
    for (const ByteView message : *messages) {
      if (message.size() > 1 && message[0] == static_cast<std::uint8_t>(wire::MessageType::User) &&
          message[1] == 5) {
        found.emplace_back(message.begin(), message.end());
      }
    }
    return found;
  }

  // Hands `node` what the agent at `us` heard, and compares its answers with that agent's.
  void replay(Node& node, const std::string& us) const {
    std::vector<Bytes> theirs;
    std::vector<Bytes> ours;
    const auto append = [](std::vector<Bytes>& to, std::vector<Bytes> more) {
      to.insert(to.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
    };
    for (const json& packet : capture_["packets"]) {
      const Bytes datagram = from_hex(packet["hex"]);
      if (packet["from"] == us && packet["to"] != us) append(theirs, answers(datagram));
      if (packet["to"] != us || packet["from"] == us) continue;
      const TimePoint now = kStart + std::chrono::milliseconds(packet["ms"].get<int>());
      const Address from = Address::parse(packet["from"].get<std::string>(), 0).value();
      node.engine->receive_packet(now, from, datagram, node.out);
      for (const SendPacket& sent : node.take<SendPacket>())
        append(ours, answers(sent.datagram));
    }
    REQUIRE_FALSE(theirs.empty());
    CHECK(ours == theirs);
  }

 private:
  json capture_;
  wire::Keyring keyring_;
  std::optional<wire::Cipher> cipher_;
  wire::Wrapping wrapping_;
};

TEST_CASE("a captured change of keys: we answer byte for byte as the real agent") {
  const Capture capture("keys-094.json");
  Config config = named("node-b");
  config.encryption_keys = {capture.keys().front()};
  Node node(std::move(config), Address::parse("127.0.206.2", kDefaultPort).value());
  capture.replay(node, "127.0.206.2:7946");
}

TEST_CASE("a captured name conflict: we answer byte for byte as the real agents") {
  const Capture capture("name-conflict-094.json");
  struct Bystander {
    std::string name;
    std::string address;
  };
  for (const Bystander& agent :
       {Bystander{"node-a", "127.0.207.1"}, Bystander{"node-c", "127.0.207.3"}}) {
    CAPTURE(agent.name);
    Node node(named(agent.name), Address::parse(agent.address, kDefaultPort).value());
    capture.replay(node, agent.address + ":7946");
  }
}

TEST_CASE("a key has 16, 24 or 32 bytes, and a leaving node changes none") {
  Node node(lone_with_file(), kHere);
  for (const std::size_t size : {0U, 15U, 17U, 33U}) {
    const KeyCommand command{.action = KeyAction::Install, .key = Bytes(size, 1)};
    const Expected<OpId> refused = node.engine->change_keys(kStart, command, node.out);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::InvalidArgument);
  }
  REQUIRE(node.engine->leave(kStart, node.out).has_value());
  const Expected<OpId> late = node.engine->change_keys(kStart, KeyCommand{}, node.out);
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().code == ErrorCode::WrongState);
}

TEST_CASE("changes wait for the file, one after the other; the file is Serf's") {
  Node node(lone_with_file(), kHere);
  const auto install = [&](std::uint8_t key) {
    const KeyCommand command{.action = KeyAction::Install, .key = Bytes(16, key)};
    return node.engine->change_keys(kStart, command, node.out).value();
  };
  const OpId first = install('B');
  const OpId second = install('C');
  const std::vector<Save> saves = node.take<Save>();
  REQUIRE(saves.size() == 1);
  CHECK(saves[0].file == SavedFile::Keyring);
  CHECK(saves[0].mode == SaveMode::Replace);
  CHECK(saves[0].text == "[\n  \"QUFBQUFBQUFBQUFBQUFBQQ==\",\n  \"QkJCQkJCQkJCQkJCQkJCQg==\"\n]");

  node.engine->saved(kStart, SavedFile::Keyring, {}, node.out);
  node.engine->advance(kStart, node.out);
  std::optional<OpId> done;
  for (const Effect& effect : node.out) {
    if (const auto* finish = std::get_if<Finish>(&effect)) done = finish->op;
  }
  CHECK(done == first);
  CHECK(node.take<Save>().size() == 1);
  node.engine->saved(kStart, SavedFile::Keyring, fail(ErrorCode::System, "full"), node.out);
  node.engine->advance(kStart, node.out);
  const std::vector<Finish> last = node.take<Finish>();
  REQUIRE(last.size() == 1);
  CHECK(last[0].op == second);
  const auto& result = std::get<KeyResult>(last[0].result);
  CHECK(result.error_count == 1);
  CHECK(result.messages.at("a") == "full");
}

TEST_CASE("key commands wait for their turn, and not without limit") {
  Node node(lone_with_file(), kHere);
  const KeyCommand install{.action = KeyAction::Install, .key = Bytes(16, 'B')};
  for (std::size_t i = 0; i < engine::KeyCommands::kMaxWaiting; ++i)
    REQUIRE(node.engine->change_keys(kStart, install, node.out).has_value());
  const Expected<OpId> refused = node.engine->change_keys(kStart, install, node.out);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::LimitReached);
}

// A request of the member at `from` to install the key of sixteen `byte`.
Bytes install_request(const Address& from, std::uint32_t id, std::uint8_t byte) {
  const Bytes key(16, byte);
  const Bytes payload = wire::encode(wire::KeyRequest{.key = key});
  wire::QueryMessage query;
  query.time = id;
  query.id = id;
  const ByteView ip = from.ip.bytes();
  query.address = ip;
  query.port = from.port;
  query.source_node = "b";
  query.timeout_ns = 1'000'000'000;
  query.name = "_serf_install-key";
  query.payload = payload;
  return wire::encode(query);
}

TEST_CASE("requests of others wait for the file, too, and not without limit") {
  Node node(lone_with_file(), kHere);
  const Address asker{IpAddress::v4({127, 0, 0, 2}), kDefaultPort};
  wire::Keyring ring;
  REQUIRE(ring.add(Bytes(16, 'A')).has_value());
  const wire::Cipher cipher(ring);
  const wire::Wrapping wrapping{.label = {}, .compression = Compression::Off, .cipher = &cipher};
  CountedNonces nonces;
  std::vector<Bytes> answers;
  const auto ask = [&](std::uint32_t id) {
    Bytes message = install_request(asker, id, static_cast<std::uint8_t>(id));
    message.insert(message.begin(), static_cast<std::uint8_t>(wire::MessageType::User));
    const ByteView part = message;
    const Bytes datagram = wire::seal_packet(std::span(&part, 1), wire::Crc::Off, wrapping, nonces);
    node.engine->receive_packet(kStart, asker, datagram, node.out);
    for (const SendPacket& sent : node.take<SendPacket>()) {
      wire::PacketOpener opener;
      const auto parts = opener.open(sent.datagram, wrapping);
      REQUIRE(parts.has_value());
      for (const ByteView found : *parts)
        answers.emplace_back(found.begin(), found.end());
    }
  };
  for (std::uint32_t id = 1; id <= engine::KeyRequests::kMaxWaiting; ++id)
    ask(id);
  CHECK(answers.empty());
  ask(engine::KeyRequests::kMaxWaiting + 1);
  REQUIRE(answers.size() == 1);
  const auto reply = wire::decode_query_response(ByteView(answers[0]).subspan(2));
  REQUIRE(reply.has_value());
  const auto answer = wire::decode_key_response(reply->payload.subspan(1));
  REQUIRE(answer.has_value());
  CHECK_FALSE(answer->result);
  CHECK(answer->message == "too many key changes are waiting");
}

TEST_CASE("below protocol 4 there are no queries to ask for keys with") {
  Config config = lone_with_file();
  config.protocol = 3;
  Node node(std::move(config), kHere);
  REQUIRE(node.engine->change_keys(kStart, KeyCommand{}, node.out).has_value());
  const std::vector<Finish> over = node.take<Finish>();
  REQUIRE(over.size() == 1);
  const auto& result = std::get<KeyResult>(over[0].result);
  CHECK(result.node_count == 1);
  CHECK(result.error_count == 1);
  CHECK(result.messages.contains("a"));
}

TEST_CASE("a key is worn out when all members together have sealed 2^32 packets") {
  CHECK_FALSE(engine::is_worn_out((std::uint64_t{1} << 32) - 1, 1));
  CHECK(engine::is_worn_out(std::uint64_t{1} << 32, 1));
  CHECK(engine::is_worn_out(std::uint64_t{1} << 32, 0));
  CHECK_FALSE(engine::is_worn_out((std::uint64_t{1} << 22) - 1, 1024));
  CHECK(engine::is_worn_out(std::uint64_t{1} << 22, 1024));
}

}  // namespace
}  // namespace gossip
