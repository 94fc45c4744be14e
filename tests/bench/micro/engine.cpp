// The whole engine: a packet in, effects out.
#include "bench/engine_scene.h"
#include "bench/micro/measure.h"
#include "wire/cluster_codec.h"
#include "wire/swim_codec.h"

namespace gossip::bench {

namespace {

constexpr std::size_t kMembers = 50;

Config encrypted() {
  Config config;
  config.encryption_keys = {Bytes(32, 7)};
  return config;
}

void receive(benchmark::State& state, EngineScene& scene, const Bytes& packet) {
  const Address from = CrowdMember(1).address();
  measure(state, [&] {
    scene.engine->receive_packet(scene.now, from, packet, scene.out);
    scene.carry_out();
  });
}

Bytes ping() {
  return wire::encode(wire::Ping{.sequence = 9, .node = "a", .source = {}});
}

void receive_ping(benchmark::State& state) {
  EngineScene scene(kMembers);
  receive(state, scene, packet_of(ping()));
}
BENCHMARK(receive_ping);

void receive_ping_encrypted(benchmark::State& state) {
  EngineScene scene(0, encrypted());
  wire::Keyring keyring;
  if (!keyring.add(Bytes(32, 7)).has_value()) std::abort();
  const wire::Cipher cipher(keyring);
  receive(state, scene, packet_of(ping(), {.label = {}, .cipher = &cipher}));
}
BENCHMARK(receive_ping_encrypted);

void receive_known_claim(benchmark::State& state) {
  EngineScene scene(kMembers);
  receive(state, scene, packet_of(wire::encode(CrowdMember(1).alive())));
}
BENCHMARK(receive_known_claim);

void receive_known_event(benchmark::State& state) {
  EngineScene scene(kMembers);
  const Bytes payload(100, 'x');
  Bytes message = wire::encode(
      wire::UserEventMessage{.time = 5, .name = "deploy", .payload = payload, .coalesce = false});
  message.insert(message.begin(), static_cast<std::uint8_t>(wire::MessageType::User));
  receive(state, scene, packet_of(message));
}
BENCHMARK(receive_known_event);

void send_event(benchmark::State& state) {
  EngineScene scene(kMembers);
  const Bytes payload(100, 'x');
  measure(state, [&] {
    scene.now += std::chrono::milliseconds(100);
    scene.engine->advance(scene.now, scene.out);
    if (!scene.engine->send_event(scene.now, "deploy", payload, Coalesce::No, scene.out)) {
      std::abort();
    }
    scene.carry_out();
  });
}
BENCHMARK(send_event);

// Ours is served and theirs merged; nothing in it is new.
void push_pull(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  EngineScene scene(count);
  const Bytes bytes = crowd_push_pull(count);
  measure(state, [&] { benchmark::DoNotOptimize(scene.push_pull(bytes)); });
}
BENCHMARK(push_pull)->Arg(50)->Arg(1000)->Arg(10'000)->Unit(benchmark::kMicrosecond);

// All of it is new.
void learn(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const Bytes bytes = crowd_push_pull(count);
  measure(state, [&] {
    EngineScene scene(0);
    benchmark::DoNotOptimize(scene.push_pull(bytes));
  });
}
BENCHMARK(learn)->Arg(1000)->Arg(10'000)->Unit(benchmark::kMicrosecond);

}  // namespace

}  // namespace gossip::bench

BENCHMARK_MAIN();
