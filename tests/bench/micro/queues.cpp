// The broadcast queue at ten thousand entries, timers, the members of an RPC answer.
#include <string>

#include "base/timers.h"
#include "bench/engine_scene.h"
#include "bench/micro/measure.h"
#include "rpc/response_codec.h"
#include "swim/broadcast_queue.h"
#include "wire/swim_codec.h"

namespace gossip::bench {

namespace {

struct FullQueue {
  explicit FullQueue(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const CrowdMember member(i);
      queue.insert(member.name(), wire::encode(member.alive()), 0, done);
    }
  }
  swim::BroadcastQueue queue;
  swim::BroadcastQueue::Tickets done;
};

void queue_take_packet(benchmark::State& state) {
  FullQueue full(static_cast<std::size_t>(state.range(0)));
  std::vector<Bytes> taken;
  measure(state, [&] {
    taken.clear();
    full.queue.take({.bytes = 1398, .retransmit_limit = UINT32_MAX}, taken, full.done);
    benchmark::DoNotOptimize(taken);
  });
}
BENCHMARK(queue_take_packet)->Arg(10)->Arg(10'000);

void queue_displace(benchmark::State& state) {
  FullQueue full(static_cast<std::size_t>(state.range(0)));
  const CrowdMember member(5);
  const Bytes message = wire::encode(member.alive());
  measure(state, [&] { full.queue.insert(member.name(), message, 0, full.done); });
}
BENCHMARK(queue_displace)->Arg(10)->Arg(10'000);

void timers_arm_and_take(benchmark::State& state) {
  base::Timers<int> timers;
  TimePoint now;
  for (int i = 0; i < state.range(0); ++i)
    timers.arm(now + std::chrono::seconds(1 + i), i);
  measure(state, [&] {
    timers.arm(now, 1);
    benchmark::DoNotOptimize(timers.take_due(now));
  });
}
BENCHMARK(timers_arm_and_take)->Arg(5)->Arg(10'000);

void timers_cancel(benchmark::State& state) {
  base::Timers<int> timers;
  const TimePoint now;
  for (int i = 0; i < state.range(0); ++i)
    timers.arm(now + std::chrono::seconds(1 + i), i);
  measure(state, [&] {
    timers.arm(now, -1);
    timers.cancel_if([](int kind) { return kind == -1; });
  });
}
BENCHMARK(timers_cancel)->Arg(5)->Arg(10'000);

void rpc_members(benchmark::State& state) {
  const EngineScene scene(static_cast<std::size_t>(state.range(0)));
  measure(state, [&] {
    Bytes out;
    rpc::encode_response_body(rpc::MembersResponse{scene.engine->members()}, out);
    benchmark::DoNotOptimize(out);
  });
}
BENCHMARK(rpc_members)->Arg(50)->Arg(1000)->Unit(benchmark::kMicrosecond);

}  // namespace

}  // namespace gossip::bench
