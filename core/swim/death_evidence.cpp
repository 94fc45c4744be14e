#include "swim/death_evidence.h"

#include <algorithm>
#include <string>
#include <utility>

#include "wire/swim_messages.h"

namespace gossip::swim {

using members::Contact;
using members::Index;
using members::Record;
using members::SwimState;

namespace {

constexpr std::int64_t kFreshPeriods = 2;  // of probing, in which somebody must have answered us
constexpr std::size_t kMassShare = 10;     // a tenth of all nodes

std::string seconds_text(Duration duration) {
  const auto tenths = duration / std::chrono::milliseconds(100);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace

DeathEvidence::DeathEvidence(Layer& layer, const Self& self, Claims& claims,
                             const Awareness& awareness)
    : layer_(layer), self_(self), claims_(claims), awareness_(awareness) {}

// In a pair there is nobody to confirm it.
bool DeathEvidence::is_on() const {
  return layer_.config.timing.restart_grace > Duration::zero() && !self_.leaving() &&
         claims_.live_count() > 2;
}

// Whether the member is still the one that the case is about.
bool DeathEvidence::holds(Index member, const Case& about) const {
  if (!layer_.table.holds(member)) return false;
  const Record& record = layer_.table.at(member);
  return record.is_live() && record.incarnation == about.incarnation &&
         record.address() == about.address &&
         (!about.accused || record.state == SwimState::Suspect);
}

DeathEvidence::Cases::iterator DeathEvidence::find(Index member) {
  const auto found = cases_.find(member);
  if (found == cases_.end() || holds(member, found->second)) return found;
  close(found);
  return cases_.end();
}

DeathEvidence::Cases::iterator DeathEvidence::close(Cases::iterator at) {
  layer_.cancel(Timer{Timer::Kind::Evidence, at->first});
  return cases_.erase(at);
}

DeathEvidence::Cases::iterator DeathEvidence::contradict(Cases::iterator at) {
  Case& about = at->second;
  if (about.refused_since) ++layer_.counters.evidence_contradicted;
  about.refused_since.reset();
  return about.accused ? std::next(at) : close(at);
}

void DeathEvidence::schedule(Index member, TimePoint at) {
  const Timer timer{Timer::Kind::Evidence, member};
  layer_.cancel(timer);
  layer_.timers.arm(at, timer);
}

void DeathEvidence::refused(TimePoint now, Index target, Outputs& out) {
  if (!is_on()) return;
  auto at = find(target);
  if (at == cases_.end()) {
    const Record& record = layer_.table.at(target);
    at = cases_
             .emplace(target, Case{.address = record.address(),
                                   .incarnation = record.incarnation,
                                   .refused_since = {}})
             .first;
  }
  refused_again(now, at, out);
}

void DeathEvidence::refused_again(TimePoint now, Cases::iterator at, Outputs& out) {
  Case& about = at->second;
  if (!about.refused_since) {
    about.refused_since = now;
    log(LogLevel::Debug,
        std::string(layer_.table.at(at->first).name.view()) + " at " + about.address.to_string() +
            " refuses connections: its process may have ended",
        out);
    return;
  }
  const bool lasted = now - *about.refused_since >= layer_.config.timing.restart_grace;
  if (lasted && about.accused) conclude(now, at, out);
}

void DeathEvidence::probe_failed(TimePoint now, Index target, Nacked nack) {
  const auto at = find(target);
  if (at == cases_.end()) return;
  Case& about = at->second;
  about.nacked |= nack == Nacked::Yes;
  if (std::exchange(about.accused, true)) return;
  schedule(target, std::max(now, *about.refused_since + layer_.config.timing.restart_grace));
}

void DeathEvidence::answered(TimePoint now, Index target) {
  heard_anybody_ = now;
  if (const auto at = find(target); at != cases_.end()) contradict(at);
}

void DeathEvidence::heard_from(const Address& place) {
  for (auto at = cases_.begin(); at != cases_.end();) {
    at = same_endpoint(at->second.address, place) ? contradict(at) : std::next(at);
  }
}

void DeathEvidence::heard_from_host(const IpAddress& host) {
  for (auto at = cases_.begin(); at != cases_.end();) {
    at = same_host(at->second.address.ip, host) ? contradict(at) : std::next(at);
  }
}

void DeathEvidence::heard_from_member(Index member, const Address& place) {
  Record& record = layer_.table.at(member);
  record.contact = same_endpoint(record.address(), place) ? Contact::AtHome : Contact::Elsewhere;
  if (const auto at = find(member); at != cases_.end()) contradict(at);
}

void DeathEvidence::check_due(TimePoint now, Index member, Outputs& out) {
  const auto at = find(member);
  if (at == cases_.end() || at->second.check != 0 || !is_on()) return;
  const Duration interval = layer_.config.timing.probe_interval;
  if (now < braked_until_) return schedule(member, braked_until_);
  if (checks_.take(now) == 0) return schedule(member, now + interval);
  at->second.check = ++layer_.last_check;
  ++layer_.counters.evidence_checks;
  out.emplace_back(
      AddressCheck{.id = at->second.check, .to = at->second.address, .give_up_at = now + interval});
}

bool DeathEvidence::checked(TimePoint now, std::uint32_t id, Listener listener, Outputs& out) {
  const auto asked =
      std::ranges::find_if(cases_, [id](const auto& entry) { return entry.second.check == id; });
  if (asked == cases_.end()) return false;
  const Index member = asked->first;
  asked->second.check = 0;
  if (const auto at = find(member); at != cases_.end() && listener == Listener::None) {
    refused_again(now, at, out);
  }
  if (const auto at = find(member); at != cases_.end()) {
    const Timing& timing = layer_.config.timing;
    TimePoint next = now + timing.probe_interval;
    if (at->second.refused_since) {
      next = std::max(next, *at->second.refused_since + timing.restart_grace);
    }
    schedule(member, next);
  }
  return true;
}

void DeathEvidence::review() {
  for (auto at = cases_.begin(); at != cases_.end();) {
    at = holds(at->first, at->second) ? std::next(at) : close(at);
  }
}

std::optional<std::string_view> DeathEvidence::doubt(TimePoint now, Index member,
                                                     const Case& about) const {
  const Duration fresh = layer_.config.timing.probe_interval * kFreshPeriods;
  if (!somebody_else_agrees(member, about)) return "nobody else finds it silent";
  if (!heard_anybody_ || *heard_anybody_ < *about.refused_since || now - *heard_anybody_ > fresh) {
    return "nobody else has answered us either";
  }
  if (awareness_.score() > 0) return "we may be slow ourselves";
  if (!is_at_home(layer_.table.at(member))) return "its packets come from another address";
  return std::nullopt;
}

bool DeathEvidence::somebody_else_agrees(Index member, const Case& about) const {
  return about.nacked || claims_.accused_by_another(member);
}

// Behind an address translation the refusals may be another machine's. Where one member stands behind one, so may
// those that we have not heard from.
bool DeathEvidence::is_at_home(const Record& record) const {
  if (record.contact != Contact::Unknown) return record.contact == Contact::AtHome;
  for (Index other = 0; other < layer_.table.end_index(); ++other) {
    if (layer_.table.holds(other) && layer_.table.at(other).contact == Contact::Elsewhere) {
      return false;
    }
  }
  return true;
}

bool DeathEvidence::brake(TimePoint now, Outputs& out) {
  std::size_t affected = 0;
  for (Index member = 0; member < layer_.table.end_index(); ++member) {
    if (!layer_.table.holds(member)) continue;
    const Record& record = layer_.table.at(member);
    const bool died = record.state == SwimState::Dead && now - record.state_since <= kMassTime;
    if (died || record.state == SwimState::Suspect) ++affected;
  }
  if (affected <= std::max(kMassCount, layer_.node_count() / kMassShare)) return false;
  braked_until_ = now + kBrakeTime;
  ++layer_.counters.evidence_brakes;
  log(LogLevel::Warn,
      std::to_string(affected) + " of " + std::to_string(layer_.node_count()) +
          " members are silent at once: for a minute, refused connections prove nobody's death",
      out);
  return true;
}

void DeathEvidence::conclude(TimePoint now, Cases::iterator at, Outputs& out) {
  const Index member = at->first;
  const base::Text name = layer_.table.at(member).name;
  const Duration lasted = now - *at->second.refused_since;
  if (now < braked_until_) return;
  if (const std::optional<std::string_view> why = doubt(now, member, at->second)) {
    log(LogLevel::Debug,
        std::string(name.view()) + " has refused connections for " + seconds_text(lasted) +
            ", which proves nothing yet: " + std::string(*why),
        out);
    return;
  }
  if (brake(now, out)) return;
  log(LogLevel::Info,
      "Marking " + std::string(name.view()) + " as failed, its process has ended (" +
          at->second.address.to_string() + " has refused connections for " + seconds_text(lasted) +
          ")",
      out);
  ++layer_.counters.deaths_proven;
  const wire::Dead claim{
      .incarnation = at->second.incarnation, .node = name.view(), .from = self_.name()};
  close(at);
  claims_.take(now, claim, out);
}

}  // namespace gossip::swim
