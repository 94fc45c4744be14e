#include "swim/probe.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "swim/versions.h"
#include "wire/swim_codec.h"

namespace gossip::swim {

using members::Index;
using members::Record;
using members::SwimState;

namespace {

// What a probe that was answered does to our health; nothing if the answer came after a refusal.
constexpr std::int32_t kAnswered = -1;
constexpr std::int32_t kNoVerdict = 0;

}  // namespace

Probe::Probe(Layer& layer, const Self& self, Claims& claims, Awareness& awareness,
             DeathEvidence& evidence)
    : layer_(layer), self_(self), claims_(claims), awareness_(awareness), evidence_(evidence) {}

void Probe::start(TimePoint now) {
  next_tick_ = now + layer_.config.timing.probe_interval;
}

void Probe::arm(TimePoint now) {
  if (round_ || tick_armed_ || layer_.node_count() < 2) return;
  const Duration interval = layer_.config.timing.probe_interval;
  // The ticks of a time when nobody was there are not made up for.
  if (next_tick_ <= now) next_tick_ += ((now - next_tick_) / interval + 1) * interval;
  layer_.timers.arm(next_tick_, Timer{Timer::Kind::ProbeTick, 0});
  tick_armed_ = true;
}

void Probe::tick(TimePoint now, Outputs& out) {
  tick_armed_ = false;
  const Duration interval = layer_.config.timing.probe_interval;
  if (next_tick_ <= now) next_tick_ += ((now - next_tick_) / interval + 1) * interval;
  std::vector<Index> swept;
  const std::optional<Index> target = layer_.order.next(now, self_.index(), swept);
  if (!swept.empty()) layer_.peers.remove_swept();
  for (const Index node : swept) {
    out.emplace_back(Swept{node});
  }
  if (target) begin(now, *target, out);
  arm(now);
}

void Probe::begin(TimePoint now, Index target, Outputs& out) {
  const Record& record = layer_.table.at(target);
  const Timing& timing = layer_.config.timing;
  Round round{.target = target,
              .address = record.address(),
              .incarnation = record.incarnation,
              .sequence = ++layer_.last_sequence,
              .interval = awareness_.scale(timing.probe_interval),
              .sent = now,
              .deadline = now,
              .stage = Stage::Direct};
  round.deadline += round.interval;
  ++layer_.counters.probes;

  const wire::Ping ping{
      .sequence = round.sequence, .node = record.name.view(), .source = self_.source()};
  Send send{.to = round.address, .messages = {}, .piggyback = Piggyback::Allowed, .member = target};
  send.messages.push_back(wire::encode(ping));
  if (record.state == SwimState::Suspect) {
    // So that it can refute at once; with nothing else in the packet.
    const wire::Suspect suspect{
        .incarnation = record.incarnation, .node = record.name.view(), .from = self_.name()};
    send.messages.push_back(wire::encode(suspect));
    send.piggyback = Piggyback::None;
  }
  out.emplace_back(std::move(send));
  layer_.timers.arm(now + std::min(timing.probe_timeout, round.interval),
                    Timer{Timer::Kind::ProbeTimeout, round.sequence});
  round_ = round;
}

bool Probe::is_running(std::uint32_t sequence) const {
  return round_ && round_->sequence == sequence;
}

void Probe::direct_timed_out(TimePoint now, std::uint32_t sequence, Outputs& out) {
  if (!is_running(sequence) || round_->stage != Stage::Direct) return;
  const Record& target = layer_.table.at(round_->target);
  log(LogLevel::Debug, "Failed ping: " + std::string(target.name.view()) + " (timeout reached)",
      out);
  // Were we frozen meanwhile, the answers wait in our own buffers: whoever is asked now gets its whole time.
  const Duration rest = round_->interval - layer_.config.timing.probe_timeout;
  round_->deadline = std::max(round_->deadline, now + rest);
  ask_others(now, out);
}

void Probe::refused(TimePoint now, const Address& by, Outputs& out) {
  if (!round_ || round_->stage != Stage::Direct || !same_endpoint(by, round_->address)) return;
  round_->refused = true;
  layer_.cancel(Timer{Timer::Kind::ProbeTimeout, round_->sequence});
  ask_others(now, out);
}

void Probe::ask_others(TimePoint now, Outputs& out) {
  round_->stage = Stage::Indirect;
  ask_helpers(out);
  const Record& target = layer_.table.at(round_->target);
  if (target.versions.protocol_max >= kFirstProtocolWithStreamPing && round_->deadline > now) {
    out.emplace_back(StreamPing{.sequence = round_->sequence,
                                .to = round_->address,
                                .node = std::string(target.name.view()),
                                .give_up_at = round_->deadline});
  }
  layer_.timers.arm(round_->deadline, Timer{Timer::Kind::ProbeDeadline, round_->sequence});
}

void Probe::ask_helpers(Outputs& out) {
  const Index target = round_->target;
  const std::vector<Index> helpers = layer_.peers.pick(
      layer_.config.timing.indirect_checks, [&](Index node, const Record& record) {
        return node != self_.index() && node != target && record.state == SwimState::Alive;
      });
  for (const Index helper : helpers) {
    const Record& record = layer_.table.at(helper);
    const bool nack = record.versions.protocol_max >= kFirstProtocolWithNack;
    const wire::IndirectPing request{.sequence = round_->sequence,
                                     .target = round_->address.ip.bytes(),
                                     .port = round_->address.port,
                                     .node = layer_.table.at(target).name.view(),
                                     .nack = nack,
                                     .source = self_.source()};
    if (nack) ++round_->nacks_expected;
    Send send{
        .to = record.address(), .messages = {}, .piggyback = Piggyback::Allowed, .member = helper};
    send.messages.push_back(wire::encode(request));
    out.emplace_back(std::move(send));
  }
}

void Probe::receive(TimePoint now, const Address& from, const wire::Ack& ack, Outputs& out) {
  if (!is_running(ack.sequence)) return;
  evidence_.answered(now, round_->target);
  if (round_->stage == Stage::Direct) {
    evidence_.heard_from_member(round_->target, from);
    layer_.counters.round_trips.add(now - round_->sent);
    out.emplace_back(RoundTrip{.member = round_->target,
                               .duration = now - round_->sent,
                               .payload = {ack.payload.begin(), ack.payload.end()}});
  }
  finish(now, round_->refused ? kNoVerdict : kAnswered);
}

void Probe::receive(TimePoint now, const wire::Nack& nack) {
  if (!is_running(nack.sequence) || round_->stage != Stage::Indirect) return;
  ++round_->nacks;
  evidence_.helper_answered(now);
}

void Probe::stream_answered(TimePoint now, std::uint32_t sequence) {
  if (!is_running(sequence)) return;
  round_->stream_answered = true;
  evidence_.answered(now, round_->target);
}

void Probe::stream_refused(TimePoint now, std::uint32_t sequence, Outputs& out) {
  if (!is_running(sequence)) return;
  const Record& target = layer_.table.at(round_->target);
  if (!target.is_live() || target.address() != round_->address) return;
  evidence_.refused(now, round_->target, out);
}

void Probe::deadline_passed(TimePoint now, std::uint32_t sequence, Outputs& out) {
  if (!is_running(sequence)) return;
  const Round round = *round_;
  const Record& target = layer_.table.at(round.target);
  if (round.stream_answered) {
    log(LogLevel::Warn,
        "Was able to connect to " + std::string(target.name.view()) +
            " but other probes failed, network may be misconfigured",
        out);
    finish(now, round.refused ? kNoVerdict : kAnswered);
  } else if (!target.is_live() || target.address() != round.address) {
    finish(now, kNoVerdict);  // somebody knew before us, or it has come back elsewhere
  } else {
    // Helpers that are silent too say that the fault may be ours.
    const std::uint32_t missing =
        round.nacks_expected - std::min(round.nacks, round.nacks_expected);
    finish(now, round.nacks_expected > 0 ? static_cast<std::int32_t>(missing) : 1);
    accuse(now, round, out);
  }
}

void Probe::accuse(TimePoint now, const Round& round, Outputs& out) {
  ++layer_.counters.probes_failed;
  const base::Text name = layer_.table.at(round.target).name;
  log(LogLevel::Info, "Suspect " + std::string(name.view()) + " has failed, no acks received", out);
  claims_.take(
      now,
      wire::Suspect{.incarnation = round.incarnation, .node = name.view(), .from = self_.name()},
      out);
  evidence_.probe_failed(now, round.target, round.nacks > 0 ? Nacked::Yes : Nacked::No);
}

void Probe::finish(TimePoint now, std::int32_t health_delta) {
  awareness_.apply(health_delta);
  layer_.counters.probe_times.add(now - round_->sent);
  layer_.cancel(Timer{Timer::Kind::ProbeTimeout, round_->sequence});
  layer_.cancel(Timer{Timer::Kind::ProbeDeadline, round_->sequence});
  round_.reset();
  // A tick that fell into this probe is due now.
  if (next_tick_ <= now) {
    layer_.timers.arm(now, Timer{Timer::Kind::ProbeTick, 0});
    tick_armed_ = true;
  } else {
    arm(now);
  }
}

}  // namespace gossip::swim
