// What happens to the hosts of a world, and what their users do.
#include <algorithm>
#include <utility>

#include "sim/serf_like.h"
#include "sim/world.h"

namespace gossip::sim {
namespace {

using What = Happening::What;

constexpr Duration kSupervisorWait = std::chrono::seconds(10);

}  // namespace

void World::start(HostId host, Memory memory) {
  Process& process = processes_[host];
  if (process.engine != nullptr) return;
  if (memory == Memory::Lost) process.disk.wipe();
  directory_.set_power(host, true);
  directory_.process_started(host);
  process.run = directory_.run(host);
  process.ready_at = process.muted_until = now();
  process.held.clear();
  process.is_joining = false;
  process.was_member = false;
  process.clear_backlog();
  process.to_answer.clear();

  Config config = scenario_.config;
  if (is_serf_like(host, scenario_.serf_like, host_count())) make_serf_like(config);
  config.node_name = host_name(host);
  config.tags = process.tags;
  // The name alone matters: that there is one makes the engine keep it.
  if (scenario_.snapshots == Snapshots::Kept) config.snapshot_path = "snapshot";
  const std::uint64_t part = std::uint64_t{host} << 32U | process.run;
  process.engine = std::make_unique<Engine>(
      std::move(config), LocalAddress{directory_.address(host), kDefaultPort},
      seed_for(scenario_.seed, Purpose::Engines, part), nonces_, texts_);
  Fact& fact = truth_.hosts[host];
  fact.runs = true;
  fact.run = process.run;
  fact.healthy_since = now();
  fact.is_healthy = true;
  fact.has_left = false;
  set_health(process);
  snapshot_ = process.disk.read_snapshot();
  turn(process, {.kind = StepKind::Started},
       [&](Engine& engine, TimePoint at, Effects& out) { engine.start(at, snapshot_, out); });
  at(now(), [this, host, run = process.run] { join_seeds(host, run); });
}

void World::end_process(Process& process) {
  process.engine.reset();
  process.clear_backlog();
  process.timer_at = TimePoint::max();
  directory_.process_ended(process.host);
  truth_.hosts[process.host].runs = false;
  observe(process, {.kind = StepKind::Ended}, {});
}

void World::crash(HostId host) {
  Process& process = processes_[host];
  if (process.engine == nullptr) return;
  streams_.drop_all(host, true);
  end_process(process);
}

void World::cut_power(HostId host) {
  Process& process = processes_[host];
  if (process.engine == nullptr) return;
  directory_.set_power(host, false);
  streams_.drop_all(host, false);
  process.disk.lose_power(now(), disk_rng_);
  end_process(process);
}

void World::move(HostId host) {
  if (processes_[host].engine != nullptr) return;
  directory_.move(host);
  truth_.hosts[host].address = directory_.address(host);
  truth_.hosts[host].has_moved = true;
}

void World::set_health(Process& process) {
  Fact& fact = truth_.hosts[process.host];
  const bool is_healthy =
      process.is_ready(now()) && !process.is_muted(now()) && process.input_cost == Duration{};
  if (is_healthy && !fact.is_healthy) fact.healthy_since = now();
  fact.is_healthy = is_healthy;
}

void World::freeze(HostId host, Duration length) {
  Process& process = processes_[host];
  if (process.engine == nullptr) return;
  process.ready_at = std::max(process.ready_at, now() + length);
  agenda_.add(process.ready_at, {.what = What::Ready, .host = host, .run = process.run});
  set_health(process);
  at(process.ready_at, [this, host] { set_health(processes_[host]); });
}

void World::thaw(HostId host) {
  Process& process = processes_[host];
  if (process.engine == nullptr || process.is_ready(now())) return;
  process.ready_at = now();
  agenda_.add(now(), {.what = What::Ready, .host = host, .run = process.run});
  set_health(process);
}

void World::mute(HostId host, Duration length) {
  Process& process = processes_[host];
  if (process.engine == nullptr) return;
  process.muted_until = std::max(process.muted_until, now() + length);
  at(process.muted_until, [this, host, run = process.run] {
    Process& muted = processes_[host];
    if (muted.run != run || muted.is_muted(now())) return;
    Effects held = std::exchange(muted.held, {});
    carry_out(muted, held);
    ready(muted);
  });
  set_health(process);
  at(process.muted_until, [this, host] { set_health(processes_[host]); });
}

void World::tell_all(HostId host, ByteView stream) {
  command(host, [&](Engine& engine, TimePoint at, Effects& out) {
    const StreamId id = engine.accept_stream(at, directory_.address(host), out);
    engine.receive_stream(at, id, stream, out);
    engine.stream_ended(at, id, StreamEnd::Closed, out);
    // No connection of the world's has that name.
    std::erase_if(out, [](const Effect& effect) {
      return std::holds_alternative<WriteStream>(effect) ||
             std::holds_alternative<CloseStream>(effect);
    });
  });
}

void World::set_input_cost(HostId host, Duration cost) {
  processes_[host].input_cost = cost;
  set_health(processes_[host]);
}

void World::set_drift(HostId host, std::int64_t parts_per_million) {
  if (processes_[host].engine == nullptr) processes_[host].clock = DriftingClock(parts_per_million);
}

void World::fill_disk(HostId host, bool is_full) {
  processes_[host].disk.set_full(is_full);
}

void World::network_changed() {
  if (!links_.is_clean()) {
    truth_.network_clean_since.reset();
  } else if (!truth_.network_clean_since) {
    truth_.network_clean_since = now();
  }
}

void World::leave(HostId host) {
  Process& process = processes_[host];
  if (process.engine == nullptr || truth_.hosts[host].has_left) return;
  command(host, [&](Engine& engine, TimePoint at, Effects& out) {
    truth_.hosts[host].has_left = engine.leave(at, out).has_value();
  });
}

void World::finished(Process& process, const Finish& finish) {
  if (std::holds_alternative<JoinResult>(finish.result)) process.is_joining = false;
  if (!std::holds_alternative<LeaveResult>(finish.result)) return;
  // As the agent: a moment for the last packets, then the end.
  const HostId host = process.host;
  at(now() + scenario_.config.timing.leave_propagate_delay, [this, host, run = process.run] {
    if (processes_[host].run == run) crash(host);
  });
}

// Its supervisor starts it again.
void World::stopped(const Process& process) {
  const HostId host = process.host;
  at(now(), [this, host, run = process.run] {
    if (processes_[host].run == run) crash(host);
  });
  at(now() + kSupervisorWait, [this, host] { start(host); });
}

// Seeds are for life: whoever of them is no living member is joined again and again.
void World::join_seeds(HostId host, std::uint32_t run) {
  Process& process = processes_[host];
  if (process.engine == nullptr || process.run != run || truth_.hosts[host].has_left) return;
  std::vector<Address> missing;
  for (HostId seed = 0; seed < scenario_.seed_count; ++seed) {
    if (seed == host) continue;
    const std::optional<Member> member = process.engine->member(host_name(seed));
    if (!member || member->status != MemberStatus::Alive) {
      missing.push_back(directory_.address(seed));
    }
  }
  if (!missing.empty() && !process.is_joining) {
    // Only a new member may skip what was said before it came.
    const Replay replay = process.was_member ? Replay::DeliverOld : scenario_.config.replay_on_join;
    command(host, [&](Engine& engine, TimePoint at, Effects& out) {
      process.is_joining = engine.join(at, missing, replay, out).has_value();
    });
  }
  const TimePoint again = process.clock.when(process.clock.at(now()) + kSeedInterval);
  at(again, [this, host, run] { join_seeds(host, run); });
}

void World::command(HostId host, const Call& call) {
  Process& process = processes_[host];
  // A frozen process hears its users later; they do not wait.
  if (process.engine == nullptr || !process.is_ready(now())) return;
  turn(process, {.kind = StepKind::Command}, call);
}

void World::send_event(HostId host) {
  const std::string name = "event-" + std::to_string(++made_);
  const Bytes payload(workload_rng_.uniform(200), 0x65);
  command(host, [&](Engine& engine, TimePoint at, Effects& out) {
    (void)engine.send_event(at, name, payload, Coalesce::No, out);
  });
}

void World::send_query(HostId host) {
  QueryParams params;
  params.name = "query-" + std::to_string(++made_);
  params.acks = workload_rng_.uniform(2) == 0 ? Acks::Wanted : Acks::None;
  params.relay_factor = static_cast<std::uint8_t>(workload_rng_.uniform(kMaxRelayFactor + 1));
  const std::uint64_t kind = workload_rng_.uniform(4);
  params.wait = kind == 0 ? QueryWait::FullTime : QueryWait::UntilComplete;
  if (kind == 1) params.settle = std::chrono::milliseconds(500);
  command(host, [&](Engine& engine, TimePoint at, Effects& out) {
    (void)engine.send_query(at, params, out);
  });
}

void World::change_tags(HostId host) {
  Process& process = processes_[host];
  Tags tags;
  tags["version"] = std::to_string(++made_);
  tags["padding"] = std::string(workload_rng_.uniform(300), 'x');
  command(host, [&](Engine& engine, TimePoint at, Effects& out) {
    if (engine.set_tags(at, tags, out)) process.tags = tags;
  });
}

void World::force_leave(HostId host, HostId target) {
  const Prune prune = workload_rng_.uniform(4) == 0 ? Prune::Yes : Prune::No;
  command(host, [&](Engine& engine, TimePoint at, Effects& out) {
    (void)engine.force_leave(at, host_name(target), prune, out);
  });
}

}  // namespace gossip::sim
