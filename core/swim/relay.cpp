#include "swim/relay.h"

#include <algorithm>
#include <utility>

#include "wire/swim_codec.h"

namespace gossip::swim {

Relay::Relay(Layer& layer, const Self& self, const Claims& claims, Answers& answers)
    : layer_(layer), self_(self), claims_(claims), answers_(answers) {}

void Relay::receive(TimePoint now, const Address& from, const wire::IndirectPing& request,
                    Outputs& out) {
  forget_old(now);
  const std::optional<members::Index> target = target_of(request);
  if (!target) {
    layer_.counters.drop(Drop::UnknownTarget);
    return;
  }
  if (pending_.size() >= kMaxPending) {
    layer_.counters.drop(Drop::RateLimited);
    return;
  }
  const Answers::Recipient asker = answers_.recipient(now, from, request.source);
  if (pending(asker.to, request.sequence)) return;

  const members::Record& record = layer_.table.at(*target);
  const std::uint32_t sequence = ++layer_.last_sequence;
  pending_.push_back({.sequence = sequence,
                      .asked_as = request.sequence,
                      .asker = asker.to,
                      .asker_name = std::string(asker.member ? request.source.node : ""),
                      .until = now + layer_.config.timing.probe_interval});
  if (request.nack) {
    layer_.timers.arm(now + nack_delay(), Timer{Timer::Kind::Nack, sequence});
  }
  const wire::Ping ping{.sequence = sequence, .node = record.name.view(), .source = self_.source()};
  Send send{
      .to = record.address(), .messages = {}, .piggyback = Piggyback::Allowed, .member = target};
  send.messages.push_back(wire::encode(ping));
  out.emplace_back(std::move(send));
}

bool Relay::receive(TimePoint now, const wire::Ack& ack, Outputs& out) {
  forget_old(now);
  const auto relayed = find(ack.sequence);
  if (relayed == pending_.end()) return false;
  // Without the payload: the round-trip time is not the asker's.
  tell(*relayed, wire::encode(wire::Ack{.sequence = relayed->asked_as, .payload = {}}), out);
  layer_.cancel(Timer{Timer::Kind::Nack, ack.sequence});
  pending_.erase(relayed);
  return true;
}

void Relay::nack_due(std::uint32_t sequence, Outputs& out) {
  const auto relayed = find(sequence);
  if (relayed == pending_.end()) return;
  tell(*relayed, wire::encode(wire::Nack{.sequence = relayed->asked_as}), out);
}

std::optional<members::Index> Relay::target_of(const wire::IndirectPing& request) const {
  const std::optional<members::Index> target = claims_.node(request.node);
  const std::optional<IpAddress> ip = IpAddress::from_bytes(request.target);
  if (!target || !ip) return std::nullopt;
  const Address address{*ip, request.port != 0 ? request.port : layer_.local.bind_port};
  if (!same_endpoint(layer_.table.at(*target).address(), address)) return std::nullopt;
  return target;
}

bool Relay::pending(const Address& asker, std::uint32_t sequence) const {
  return std::any_of(pending_.begin(), pending_.end(), [&](const Pending& other) {
    return other.asked_as == sequence && other.asker == asker;
  });
}

std::deque<Relay::Pending>::iterator Relay::find(std::uint32_t sequence) {
  return std::find_if(pending_.begin(), pending_.end(),
                      [&](const Pending& other) { return other.sequence == sequence; });
}

// Upstream waits the whole ProbeTimeout, which on lan and wan is all the time the asker has left: its nacks
// come too late and healthy askers are punished. Four fifths of that time leave one for the way back.
Duration Relay::nack_delay() const {
  const Timing& timing = layer_.config.timing;
  const Duration left = std::max(timing.probe_interval - timing.probe_timeout, Duration::zero());
  return std::min(left * 4 / 5, timing.probe_timeout);
}

void Relay::forget_old(TimePoint now) {
  while (!pending_.empty() && pending_.front().until <= now) {
    layer_.cancel(Timer{Timer::Kind::Nack, pending_.front().sequence});
    pending_.pop_front();
  }
}

void Relay::tell(const Pending& asker, Bytes message, Outputs& out) const {
  out.emplace_back(
      Answers::answer({asker.asker, claims_.node(asker.asker_name)}, std::move(message)));
}

}  // namespace gossip::swim
