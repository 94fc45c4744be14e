#include "sim/world.h"

#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "wire/label.h"
#include "wire/swim_messages.h"

namespace gossip::sim {
namespace {

using What = Happening::What;

// How long the disk takes for a replacement.
constexpr Duration kSaveTime = std::chrono::milliseconds(8);

}  // namespace

World::World(const Scenario& scenario, Observer& observer)
    : scenario_(scenario),
      observer_(observer),
      directory_(scenario.nodes),
      links_(scenario.nodes, chance(scenario.seed, Purpose::Network)),
      streams_(agenda_, links_, directory_, chance(scenario.seed, Purpose::Streams)),
      processes_(scenario.nodes),
      disk_rng_(chance(scenario.seed, Purpose::Disks)),
      workload_rng_(chance(scenario.seed, Purpose::Workload)) {
  truth_.hosts.resize(scenario.nodes);
  for (HostId host = 0; host < host_count(); ++host) {
    processes_[host].host = host;
    truth_.hosts[host].address = directory_.address(host);
  }
  network_changed();
}

bool World::run_until(TimePoint end) {
  while (goes_on_) {
    const std::optional<TimePoint> next = agenda_.next();
    if (!next || *next > end) break;
    Happening happening = agenda_.take();
    handle(happening);
  }
  if (goes_on_) agenda_.pass(end);
  return goes_on_;
}

void World::at(TimePoint when, std::function<void()> act) {
  agenda_.add(when, {.what = What::Act, .act = std::move(act)});
}

void World::handle(Happening& happening) {
  switch (happening.what) {
    case What::Act: happening.act(); break;
    case What::Deliver: {
      Process& process = processes_[happening.host];
      if (process.run == happening.run) deliver(process, std::move(happening.input));
      break;
    }
    case What::Timer: {
      Process& process = processes_[happening.host];
      if (process.timer_at != now()) break;
      process.timer_at = TimePoint::max();
      if (process.engine != nullptr && process.is_ready(now())) run_timers(process);
      break;
    }
    case What::Ready: {
      Process& process = processes_[happening.host];
      if (process.run == happening.run) ready(process);
      break;
    }
    case What::SynTry:
    case What::SynArrives:
    case What::OpenTimeout:
    case What::SegmentTry:
    case What::SegmentArrives:
    case What::ResetArrives: streams_.handle(happening); break;
  }
}

void World::deliver(Process& process, Input input) {
  if (process.engine == nullptr) return;
  if (!process.is_ready(now()) || process.is_muted(now()) || !process.backlog.empty()) {
    process.wait(std::move(input));
    return;
  }
  take(process, input);
}

// Timers first, then what has come meanwhile, as the real loop does.
void World::ready(Process& process) {
  if (process.engine == nullptr || !process.is_ready(now())) return;
  const std::optional<TimePoint> due = process.engine->next_deadline();
  if (due && *due <= process.clock.at(now())) run_timers(process);
  while (process.engine != nullptr && process.is_ready(now()) && !process.is_muted(now()) &&
         goes_on_) {
    std::optional<Input> input = process.take_backlog();
    if (!input) break;
    take(process, *input);
  }
  if (process.engine != nullptr) arm(process);
}

void World::run_timers(Process& process) {
  const std::optional<TimePoint> due = process.engine->next_deadline();
  if (!due || *due > process.clock.at(now())) return arm(process);
  turn(process, {.kind = StepKind::Advance},
       [](Engine& engine, TimePoint at, Effects& out) { engine.advance(at, out); });
}

void World::take(Process& process, Input& input) {
  if (process.input_cost > Duration{}) {
    process.ready_at = now() + process.input_cost;
    agenda_.add(process.ready_at, {.what = What::Ready, .host = process.host, .run = process.run});
  }
  std::optional<StreamId> id;
  if (input.connection != 0 && input.kind != StepKind::Accepted) {
    id = streams_.name(input.connection, input.side);
    if (!id) return;
    if (input.kind == StepKind::StreamEnded) streams_.ended(input.connection, input.side);
  }
  if (input.kind == StepKind::Accepted) return accept(process, input);
  const Cause cause{.kind = input.kind, .stream = id.value_or(0), .input = &input};
  turn(process, cause, [&](Engine& engine, TimePoint at, Effects& out) {
    switch (input.kind) {
      case StepKind::Packet: engine.receive_packet(at, input.peer, input.bytes, out); break;
      case StepKind::PacketRefused: engine.packet_refused(at, input.peer, out); break;
      case StepKind::Opened: engine.stream_opened(at, *id, out); break;
      case StepKind::StreamBytes: engine.receive_stream(at, *id, input.bytes, out); break;
      case StepKind::StreamEnded: engine.stream_ended(at, *id, input.end, out); break;
      case StepKind::Saved: {
        const Expected<void> result =
            input.is_saved ? Expected<void>() : fail(ErrorCode::System, "No space left on device");
        engine.saved(at, input.file, result, out);
        break;
      }
      case StepKind::Started:
      case StepKind::Accepted:
      case StepKind::Advance:
      case StepKind::Command:
      case StepKind::Ended: break;
    }
  });
}

void World::accept(Process& process, const Input& input) {
  Cause cause{.kind = StepKind::Accepted, .input = &input};
  turn(process, cause, [&](Engine& engine, TimePoint at, Effects& out) {
    cause.stream = engine.accept_stream(at, input.peer, out);
  });
  if (!goes_on_ || streams_.accepted(input.connection, cause.stream)) return;
  cause = {.kind = StepKind::StreamEnded, .stream = cause.stream};
  turn(process, cause, [&](Engine& engine, TimePoint at, Effects& out) {
    engine.stream_ended(at, cause.stream, StreamEnd::Reset, out);
  });
}

void World::turn(Process& process, const Cause& cause, const Call& call) {
  // The room of the last turn: that of a merge of thousands is large. A turn within a turn gets its own.
  Effects effects = std::exchange(effects_, {});
  call(*process.engine, process.clock.at(now()), effects);
  observe(process, cause, effects);
  if (!goes_on_) return;
  carry_out(process, effects);
  effects.clear();
  effects_ = std::move(effects);
  if (process.engine == nullptr) return;
  answer_queries(process);
  arm(process);
}

void World::observe(Process& process, const Cause& cause, const Effects& effects) {
  ++steps_;
  Step step{.at = now(),
            .local_at = process.clock.at(now()),
            .host = process.host,
            .run = process.run,
            .kind = cause.kind,
            .stream = cause.stream,
            .config = &scenario_.config,
            .effects = effects,
            .truth = &truth_};
  rows_.clear();
  if (process.engine != nullptr) {
    if (observer_.wants_rows()) read_rows(process, rows_);
    step.rows = rows_;
    step.stats = &process.engine->stats();
    process.was_member = process.was_member || step.stats->gauges.members > 1;
    step.deadline = process.engine->next_deadline();
  }
  if (cause.kind == StepKind::Started) {
    step.snapshot = snapshot_;
    step.snapshot_is_whole = process.disk.is_whole();
  }
  goes_on_ = observer_.observe(step, cause.input) && goes_on_;
}

void World::arm(Process& process) {
  const std::optional<TimePoint> due = process.engine->next_deadline();
  if (!due) return;
  const TimePoint at = std::max({process.clock.when(*due), now(), process.ready_at});
  if (at >= process.timer_at) return;
  process.timer_at = at;
  agenda_.add(at, {.what = What::Timer, .host = process.host});
}

void World::carry_out(Process& process, Effects& effects) {
  for (Effect& effect : effects) {
    if (hold(process, effect)) continue;
    std::visit(base::Overloaded{
                   [&](SendPacket& packet) { carry_out(process, packet); },
                   [&](OpenStream& stream) {
                     streams_.open(process.host, stream,
                                   std::max(now(), process.clock.when(stream.give_up_at)));
                   },
                   [&](WriteStream& write) { streams_.write(process.host, write); },
                   [&](CloseStream& close) { streams_.close(process.host, close.id); },
                   [&](Publish& publish) {
                     if (const auto* query = std::get_if<Query>(&publish.event)) {
                       process.to_answer.push_back(query->token);
                     }
                   },
                   [&](Finish& finish) { finished(process, finish); },
                   [&](Save& save) { carry_out(process, save); },
                   [&](QueryReply&) {},
                   [&](QueryDone&) {},
                   [&](Stop&) { stopped(process); },
                   [&](Log&) {},
               },
               effect);
    if (process.engine == nullptr) return;
  }
}

// What goes to the network waits while the process is muted.
bool World::hold(Process& process, Effect& effect) {
  const bool is_for_others =
      std::holds_alternative<SendPacket>(effect) || std::holds_alternative<OpenStream>(effect) ||
      std::holds_alternative<WriteStream>(effect) || std::holds_alternative<CloseStream>(effect);
  if (!is_for_others || !process.is_muted(now())) return false;
  process.held.push_back(std::move(effect));
  return true;
}

// Whether what it says is sealed, or stands behind a checksum of its own.
bool World::shows_every_damage(ByteView datagram) const {
  if (!scenario_.config.encryption_keys.empty()) return true;
  const std::optional<wire::Labelled> labelled = wire::split_label(datagram);
  return labelled && !labelled->rest.empty() &&
         labelled->rest.front() == static_cast<std::uint8_t>(wire::MessageType::HasCrc);
}

void World::carry_out(Process& process, SendPacket& packet) {
  if (rewrite_) rewrite_(process.host, packet);
  const HostId to = directory_.host_at(packet.to);
  const Presence presence = directory_.presence(to);
  if (presence == Presence::Nobody) return;
  const bool shows_damage = shows_every_damage(packet.datagram);
  arrivals_.clear();
  links_.carry(process.host, to, std::move(packet.datagram), arrivals_);
  for (Arrival& arrival : arrivals_) {
    // UDP's own checksum finds what nothing else would.
    if (arrival.is_damaged && !shows_damage) continue;
    if (presence == Presence::Process) {
      agenda_.add(now() + arrival.after, {.what = What::Deliver,
                                          .host = to,
                                          .run = directory_.run(to),
                                          .input = {.kind = StepKind::Packet,
                                                    .peer = directory_.address(process.host),
                                                    .bytes = std::move(arrival.datagram)}});
      continue;
    }
    const std::optional<Duration> back = links_.carry_segment(to, process.host);
    if (!back) continue;
    agenda_.add(now() + arrival.after + *back,
                {.what = What::Deliver,
                 .host = process.host,
                 .run = process.run,
                 .input = {.kind = StepKind::PacketRefused, .peer = packet.to}});
  }
}

// As the real host does it: an append is silent unless it fails, a replacement always says how it went.
void World::carry_out(Process& process, const Save& save) {
  const bool is_saved = process.disk.save(now(), save);
  if (is_saved && save.mode == SaveMode::Append) return;
  agenda_.add(now() + kSaveTime,
              {.what = What::Deliver,
               .host = process.host,
               .run = process.run,
               .input = {.kind = StepKind::Saved, .file = save.file, .is_saved = is_saved}});
}

void World::answer_queries(Process& process) {
  for (const QueryToken query : std::exchange(process.to_answer, {})) {
    if (process.engine == nullptr) return;
    // One in four has nothing to say to it.
    const bool answers = workload_rng_.uniform(4) != 0;
    turn(process, {.kind = StepKind::Command}, [&](Engine& engine, TimePoint at, Effects& out) {
      if (answers) {
        (void)engine.respond(at, query, as_bytes(engine.name()), out);
      } else {
        engine.decline(at, query, out);
      }
    });
  }
}

}  // namespace gossip::sim
