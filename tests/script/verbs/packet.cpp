// packet TO KIND [from=NODE] key=value …: a message made by hand, as a stranger or an odd peer would send it.
#include <charconv>

#include "script/verbs.h"
#include "wire/cluster_codec.h"
#include "wire/swim_codec.h"
#include "wire/swim_messages.h"

namespace gossip::script {

namespace {

std::uint32_t number(const Command& command, const char* name) {
  const auto it = command.options.find(name);
  std::uint32_t value = 0;
  if (it != command.options.end()) {
    std::from_chars(it->second.data(), it->second.data() + it->second.size(), value);
  }
  return value;
}

std::string_view text(const Command& command, const char* name) {
  const auto it = command.options.find(name);
  return it == command.options.end() ? std::string_view() : std::string_view(it->second);
}

// memberlist's lowest, highest and current version, then Serf's: "1,5,2,2,5,5"
Bytes versions(const Command& command) {
  const std::string_view list = text(command, "versions");
  if (list.empty()) return {1, 5, 2, 2, 5, 5};
  Bytes numbers;
  for (const char* at = list.data(); at < list.data() + list.size(); ++at) {
    std::uint8_t number = 0;
    at = std::from_chars(at, list.data() + list.size(), number).ptr;
    numbers.push_back(number);
  }
  return numbers;
}

Bytes as_user(Bytes message) {
  message.insert(message.begin(), static_cast<std::uint8_t>(wire::MessageType::User));
  return message;
}

Bytes bytes_of(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    std::uint8_t byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    bytes.push_back(byte);
  }
  return bytes;
}

// payload=HEX, or at=SECONDS: a coordinate that far from the origin.
Bytes ack_payload(const Command& command) {
  const std::string_view seconds = text(command, "at");
  if (seconds.empty()) return bytes_of(text(command, "payload"));
  Coordinate coordinate;
  std::from_chars(seconds.data(), seconds.data() + seconds.size(), coordinate.vec[0]);
  return wire::encode_ack_payload(coordinate);
}

std::optional<Bytes> build(Stage& stage, const Command& command, const std::string& kind) {
  const std::uint32_t incarnation = number(command, "incarnation");
  const std::string_view node = text(command, "node");
  const std::string_view accuser = text(command, "accuser");
  if (kind == "suspect") return wire::encode(wire::Suspect{incarnation, node, accuser});
  if (kind == "dead") return wire::encode(wire::Dead{incarnation, node, accuser});
  if (kind == "ping") {
    return wire::encode(wire::Ping{.sequence = number(command, "seq"), .node = node, .source = {}});
  }
  if (kind == "ack") {
    const Bytes payload = ack_payload(command);
    return wire::encode(wire::Ack{.sequence = number(command, "seq"), .payload = payload});
  }
  if (kind == "join-intent")
    return as_user(wire::encode(wire::JoinIntent{number(command, "ltime"), node}));
  if (kind == "leave-intent") {
    return as_user(wire::encode(
        wire::LeaveIntent{number(command, "ltime"), node, command.options.contains("prune")}));
  }
  if (kind == "event") {
    return as_user(wire::encode(wire::UserEventMessage{.time = number(command, "ltime"),
                                                       .name = text(command, "name"),
                                                       .payload = {},
                                                       .coalesce = false}));
  }
  if (kind == "query") {
    const Expected<IpAddress> asker = IpAddress::parse(text(command, "addr"));
    if (!asker.has_value()) return std::nullopt;
    return as_user(wire::encode(wire::QueryMessage{.time = number(command, "ltime"),
                                                   .id = number(command, "id"),
                                                   .address = asker->bytes(),
                                                   .port = kDefaultPort,
                                                   .source_node = node,
                                                   .filters = {},
                                                   .timeout_ns = 1'000'000'000,
                                                   .name = text(command, "name"),
                                                   .payload = {}}));
  }
  if (kind == "alive") {
    const Expected<IpAddress> ip = IpAddress::parse(text(command, "addr"));
    if (!ip.has_value()) return std::nullopt;
    return wire::encode(wire::Alive{.incarnation = incarnation,
                                    .node = node,
                                    .address = ip->bytes(),
                                    .port = kDefaultPort,
                                    .meta = as_bytes("\xff\x80"),
                                    .versions = versions(command)});
  }
  if (kind == "hex") return bytes_of(text(command, "bytes"));
  (void)stage;
  return std::nullopt;
}

}  // namespace

Answer packet_verb(Stage& stage, const Command& command) {
  if (command.words.size() != 2) return {{}, "packet TO KIND key=value …"};
  const std::optional<Bytes> message = build(stage, command, command.words[1]);
  if (!message.has_value()) return {{}, "cannot make a " + command.words[1]};
  Address from{IpAddress::v4({127, 0, 9, 9}), kDefaultPort};
  const std::string_view sender = text(command, "from");
  if (!sender.empty()) from = stage.world->address(sender);
  stage.world->inject(from, command.words[0], *message);
  return {};
}

}  // namespace gossip::script
