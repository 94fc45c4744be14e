#include "bench/engine_scene.h"

#include <array>
#include <cstring>

#include "wire/cluster_codec.h"
#include "wire/stream.h"
#include "wire/swim_codec.h"
#include "wire/tags_codec.h"

namespace gossip::bench {

namespace {

constexpr std::array<std::uint8_t, 6> kVersions = {1, 5, 2, 2, 5, 4};
constexpr std::uint8_t kProtocol = 5;

}  // namespace

Nonce CountingNonces::next() {
  Nonce nonce{};
  ++count_;
  std::memcpy(nonce.data(), &count_, sizeof count_);
  return nonce;
}

CrowdMember::CrowdMember(std::size_t number)
    : name_("member-" + std::to_string(100'000 + number) + ".example.com"),
      ip_{10, static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
          static_cast<std::uint8_t>(number)},
      meta_(wire::encode_tags({{"role", "web"}, {"dc", "east"}}, kProtocol).value()) {}

wire::Alive CrowdMember::alive() const {
  return {.incarnation = 1,
          .node = name_,
          .address = ip_,
          .port = kDefaultPort,
          .meta = meta_,
          .versions = kVersions};
}

wire::NodeState CrowdMember::row() const {
  return {.name = name_,
          .address = ip_,
          .port = kDefaultPort,
          .meta = meta_,
          .incarnation = 1,
          .state = wire::NodeStateKind::Alive,
          .versions = kVersions};
}

Address CrowdMember::address() const {
  return {IpAddress::v4(ip_), kDefaultPort};
}

Bytes crowd_push_pull(std::size_t count) {
  std::vector<CrowdMember> members;
  for (std::size_t i = 0; i < count; ++i)
    members.emplace_back(i);
  wire::ClusterState state;
  state.member_time = count + 1;
  wire::PushPull message;
  for (std::size_t i = 0; i < count; ++i) {
    message.nodes.push_back(members[i].row());
    state.status_times.emplace_back(members[i].name(), i + 1);
  }
  const Bytes user_state = wire::encode(state);
  message.user_state = user_state;
  CountingNonces nonces;
  const wire::Wrapping plain{.label = {}, .compression = Compression::On, .cipher = nullptr};
  return wire::seal_stream(wire::encode(message), wire::StreamSide::Dialler, plain, nonces);
}

EngineScene::EngineScene(std::size_t others, Config config) {
  config.node_name = "a";
  const LocalAddress local{{IpAddress::v4({127, 0, 0, 1}), kDefaultPort}, kDefaultPort};
  engine = std::make_unique<Engine>(std::move(config), local, Seed{1}, nonces, texts);
  engine->start(now, out);
  carry_out();
  if (others == 0) return;
  push_pull(crowd_push_pull(others));
  settle();
}

std::size_t EngineScene::push_pull(const Bytes& bytes) {
  const Address peer{IpAddress::v4({10, 200, 0, 1}), kDefaultPort};
  const StreamId stream = engine->accept_stream(now, peer, out);
  engine->receive_stream(now, stream, bytes, out);
  std::size_t answer = 0;
  for (const Effect& effect : out) {
    if (const auto* write = std::get_if<WriteStream>(&effect)) answer += write->bytes.size();
  }
  carry_out();
  return answer;
}

void EngineScene::settle() {
  const Gauges& queued = engine->stats().gauges;
  while (engine->stats().gauges.swim_queue + queued.intent_queue + queued.event_queue > 0) {
    now = engine->next_deadline().value();
    engine->advance(now, out);
    carry_out();
  }
}

Bytes packet_of(ByteView message, const wire::Wrapping& wrapping) {
  CountingNonces nonces;
  return wire::seal_packet(std::array{message}, wire::Crc::On, wrapping, nonces);
}

}  // namespace gossip::bench
