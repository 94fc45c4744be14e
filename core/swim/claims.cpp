#include "swim/claims.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"
#include "swim/versions.h"
#include "wire/swim_codec.h"

namespace gossip::swim {
namespace {

using members::Index;
using members::Record;
using members::SwimState;

// An incarnation further than this above the one we know is no member's own counting: it grows by one with
// each refutation. Taken over, two such claims would carry it to the end of its 32 bits, where no claim can
// be contradicted any more.
constexpr std::uint32_t kMaxIncarnationJump = std::uint32_t{1} << 31;

// How many of those who hear that somebody is back with an old incarnation tell it so, on average.
constexpr std::uint64_t kRecallers = 3;

template <typename Claim>
Broadcast about(std::string_view name, const Claim& claim) {
  return {.subject = std::string(name), .message = wire::encode(claim)};
}

}  // namespace

Claims::Claims(Layer& layer, Self& self)
    : layer_(layer), self_(self), takeover_(layer.last_check) {}

std::optional<Index> Claims::node(std::string_view name) const {
  const std::optional<Index> index = layer_.table.find(name);
  if (!index || !layer_.table.at(*index).is_node()) return std::nullopt;
  return index;
}

bool Claims::well_formed(std::string_view name, std::string_view from) {
  if (!name.empty() && name.size() <= kMaxNameBytes && from.size() <= kMaxNameBytes) return true;
  layer_.counters.drop(Drop::Malformed);
  return false;
}

bool Claims::well_formed(const wire::Alive& claim) {
  const std::optional<IpAddress> ip = IpAddress::from_bytes(claim.address);
  if (!ip || ip->is_unspecified() || claim.meta.size() > wire::kMaxMetaBytes) {
    layer_.counters.drop(Drop::Malformed);
    return false;
  }
  if (make_sense(claim.versions)) return true;
  layer_.counters.drop(Drop::BadVersions);
  return false;
}

// Once believed, versions that exclude ours make every push/pull fail for as long as the member lives.
bool Claims::fits_us(const wire::Alive& claim) {
  if (layer_.config.misfit_versions == MisfitVersions::Believe) return true;
  const std::optional<Versions> theirs = parse_versions(claim.versions);
  if (theirs && fit_together(*theirs, layer_.table.at(self_.index()).versions)) return true;
  layer_.counters.drop(Drop::BadVersions);
  return false;
}

bool Claims::plausible(std::uint32_t incarnation, std::uint32_t known) {
  if (incarnation < known || incarnation - known <= kMaxIncarnationJump) return true;
  layer_.counters.drop(Drop::Implausible);
  return false;
}

void Claims::take(TimePoint now, const wire::Alive& claim, Heard heard, Outputs& out) {
  if (!well_formed(claim.node, {}) || !well_formed(claim)) return;
  const bool about_us = claim.node == self_.name();
  if (about_us && self_.leaving()) return;
  // What is said of ourselves is contradicted, whatever versions it bears.
  if (!about_us && !fits_us(claim)) return;
  const Address address{*IpAddress::from_bytes(claim.address),
                        claim.port != 0 ? claim.port : layer_.local.bind_port};
  const std::optional<Index> member = node_or_new(claim, address);
  if (!member) return;
  const Move move = judge_address(*member, address, out);
  if (move == Move::Refused) return contest(now, *member, claim, address, heard, out);

  const Record& record = layer_.table.at(*member);
  if (!plausible(claim.incarnation, record.incarnation)) return;
  if (about_us) {
    if (claim.incarnation >= record.incarnation) hear_about_ourselves(claim, out);
    return;
  }
  // Who comes back from another address has begun to count anew.
  if (move != Move::Taken && claim.incarnation <= record.incarnation) {
    if (record.retired && heard == Heard::Gossip) recall_leave(*member, out);
    return;
  }
  accept(now, *member, claim, address, out);
}

// It came back through somebody who does not know how it had left, and has to count on from there. A few of all who hear of
// it tell it.
void Claims::recall_leave(Index member, Outputs& out) {
  if (layer_.rng.uniform(layer_.node_count()) >= kRecallers) return;
  const Record& record = layer_.table.at(member);
  const std::string_view name = record.name.view();
  const wire::Dead leave{.incarnation = record.incarnation, .node = name, .from = name};
  out.emplace_back(Send{record.address(), {wire::encode(leave)}, Piggyback::None, member});
}

void Claims::take_own(TimePoint now, const wire::Alive& claim, Outputs& out) {
  if (self_.leaving()) return;
  const Address& address = layer_.local.advertised;
  const std::optional<Index> member = node_or_new(claim, address);
  GOSSIP_CHECK(member.has_value());  // we are the first in the table
  if (!self_.started()) self_.started_as(*member);
  accept(now, *member, claim, address, out);
}

std::optional<Index> Claims::node_or_new(const wire::Alive& claim, const Address& address) {
  std::optional<Index> member = layer_.table.find(claim.node);
  if (member && layer_.table.at(*member).is_node()) return member;
  if (!plausible(claim.incarnation, 0)) return std::nullopt;
  if (claim.incarnation == 0) {  // everybody begins at 1
    layer_.counters.drop(Drop::Implausible);
    return std::nullopt;
  }
  if (!member) member = layer_.table.insert(claim.node);
  if (!member) {
    layer_.counters.drop(Drop::TableFull);
    return std::nullopt;
  }
  Record& record = layer_.table.at(*member);
  record.state = SwimState::Dead;
  record.incarnation = 0;
  record.ip = address.ip;
  record.port = address.port;
  record.versions = kNoVersions;
  layer_.order.insert(*member);
  layer_.peers.insert(*member);
  return member;
}

Claims::Move Claims::judge_address(Index member, const Address& address, Outputs& out) {
  const Record& record = layer_.table.at(member);
  const Address known = record.address();
  const bool same = layer_.config.address_form == AddressForm::SamePlace
                        ? same_endpoint(known, address)
                        : known == address;
  if (same) return Move::None;
  const std::string name(record.name.view());
  const bool take_from_dead = layer_.config.dead_member_address == DeadMemberAddress::TakeNew;
  if (record.state == SwimState::Left || (record.state == SwimState::Dead && take_from_dead)) {
    log(LogLevel::Info,
        "Updating address for left or failed node " + name + " from " + known.to_string() + " to " +
            address.to_string(),
        out);
    return Move::Taken;
  }
  ++layer_.counters.conflicts;
  out.emplace_back(Conflict{member, address});
  return Move::Refused;
}

void Claims::contest(TimePoint now, Index member, const wire::Alive& claim, const Address& address,
                     Heard heard, Outputs& out) {
  const Record& record = layer_.table.at(member);
  if (!plausible(claim.incarnation, record.incarnation)) return;
  const bool about_us = claim.node == self_.name();
  if (layer_.config.dead_member_address == DeadMemberAddress::KeepOld) {
    if (about_us) out.emplace_back(NameContested{address});
    return;
  }
  const Timing& timing = layer_.config.timing;
  if (about_us) {
    (void)takeover_.ask(now,
                        {.member = member,
                         .asked = address,
                         .give_up_at = now + timing.tcp_timeout,
                         .rest = Takeover::kRestOfOurName},
                        claim, address, out);
    return;
  }
  // Whoever has not heard yet that the member moved would move it back by telling what it holds.
  if (heard == Heard::PushPull) return;
  const std::optional<TimePoint> look_again = takeover_.ask(
      now, {.member = member, .asked = record.address(), .give_up_at = now + timing.probe_interval},
      claim, address, out);
  if (look_again) layer_.timers.arm(*look_again, Timer{Timer::Kind::Takeover, member});
}

void Claims::takeover_due(TimePoint now, Index member, Outputs& out) {
  const Takeover::Due due = takeover_.due(now, member);
  if (due.kept) take(now, due.kept->message(), Heard::Gossip, out);
  if (due.look_again) layer_.timers.arm(*due.look_again, Timer{Timer::Kind::Takeover, member});
}

void Claims::address_checked(TimePoint now, std::uint32_t id, Listener listener, Outputs& out) {
  const std::optional<Takeover::Answered> answered = takeover_.finish(id);
  if (!answered || !layer_.table.holds(answered->member)) return;
  if (self_.started() && answered->member == self_.index()) {
    return keep_our_name(*answered, listener, out);
  }
  const Record& record = layer_.table.at(answered->member);
  const Takeover::Claimed& claimed = answered->claimed;
  // Meanwhile it may have died, moved, or been forgotten.
  if (record.name.view() != claimed.name || !record.is_live() ||
      record.address() != answered->asked || listener != Listener::None) {
    return;
  }
  const std::optional<Takeover::Claimed> kept = takeover_.moved(answered->member);
  log(LogLevel::Info,
      "Updating address for " + claimed.name + " from " + answered->asked.to_string() +
          ", where nobody listens any more, to " + claimed.address.to_string(),
      out);
  accept(now, answered->member, claimed.message(), claimed.address, out);
  if (kept) take(now, kept->message(), Heard::Gossip, out);
}

// Who holds our name for the one who died learns from a higher incarnation that no accusation of it is ours.
void Claims::keep_our_name(const Takeover::Answered& answered, Listener listener, Outputs& out) {
  if (self_.leaving()) return;
  const Takeover::Claimed& claimed = answered.claimed;
  if (listener != Listener::None) {
    out.emplace_back(NameContested{claimed.address});
    return;
  }
  log(LogLevel::Info,
      "Nobody listens at " + claimed.address.to_string() + " any more: the name " + claimed.name +
          " is ours",
      out);
  if (claimed.incarnation >= layer_.table.at(answered.member).incarnation) {
    self_.refute(claimed.incarnation, out);
  }
}

void Claims::hear_about_ourselves(const wire::Alive& claim, Outputs& out) {
  const Record& record = layer_.table.at(self_.index());
  const ByteView versions = bytes_of(record.versions);
  // A claim of our present incarnation is our echo, unless it is of an earlier run with other contents.
  if (claim.incarnation == record.incarnation && as_text(claim.meta) == record.meta.view() &&
      as_text(claim.versions) == as_text(versions)) {
    return;
  }
  self_.refute(claim.incarnation, out);
  log(LogLevel::Warn, "Refuting an alive message for '" + std::string(self_.name()) + "'", out);
}

void Claims::accept(TimePoint now, Index member, const wire::Alive& claim, const Address& address,
                    Outputs& out) {
  ++layer_.counters.alive_claims;
  drop_suspicion(member);
  Record& record = layer_.table.at(member);
  const std::optional<Versions> versions = parse_versions(claim.versions);

  wire::Alive passed_on = claim;
  passed_on.port = address.port;
  // Serf 0.9.4 crashes on version bytes that are neither six nor none.
  passed_on.versions = claim.versions.first(versions ? sizeof(Versions) : 0);
  out.emplace_back(about(claim.node, passed_on));

  if (versions) record.versions = *versions;
  if (std::exchange(record.retired, false)) {
    layer_.order.insert(member);
    layer_.peers.insert(member);
  }
  record.incarnation = claim.incarnation;
  const bool moved = !same_endpoint(record.address(), address);
  if (moved) record.contact = members::Contact::Unknown;
  record.ip = address.ip;
  record.port = address.port;
  const bool meta_changed = record.meta.view() != as_text(claim.meta);
  if (meta_changed) record.meta = layer_.table.intern(as_text(claim.meta));
  const bool was_gone = !record.is_live();
  if (record.state != SwimState::Alive) {
    record.state = SwimState::Alive;
    record.state_since = now;
  }
  if (was_gone) {
    ++live_count_;
    out.emplace_back(Joined{member});
  } else if (meta_changed || moved) {
    out.emplace_back(Updated{member});
  }
}

template <typename Accusation>
std::optional<Index> Claims::accused(const Accusation& claim) {
  if (!well_formed(claim.node, claim.from)) return std::nullopt;
  const std::optional<Index> member = node(claim.node);
  if (!member) return std::nullopt;
  const std::uint32_t known = layer_.table.at(*member).incarnation;
  if (claim.incarnation < known || !plausible(claim.incarnation, known)) return std::nullopt;
  return member;
}

void Claims::take(TimePoint now, const wire::Suspect& claim, Outputs& out) {
  const std::optional<Index> member = accused(claim);
  if (!member) return;
  Record& record = layer_.table.at(*member);
  if (auto suspicion = suspicions_.find(*member); suspicion != suspicions_.end()) {
    if (!suspicion->second.confirm(now, claim.from)) return;
    arm(*member, suspicion->second);
    out.emplace_back(about(claim.node, claim));
    return;
  }
  if (record.state != SwimState::Alive) return;
  if (*member == self_.index()) {
    self_.refute(claim.incarnation, out);
    log(LogLevel::Warn, "Refuting a suspect message (from: " + std::string(claim.from) + ")", out);
    return;
  }
  out.emplace_back(about(claim.node, claim));
  record.incarnation = claim.incarnation;
  record.state = SwimState::Suspect;
  record.state_since = now;
  ++layer_.counters.suspicions;
  begin_suspicion(now, *member, claim.from);
}

void Claims::take(TimePoint now, const wire::Dead& claim, Outputs& out) {
  const std::optional<Index> member = accused(claim);
  if (!member) return;
  Record& record = layer_.table.at(*member);
  drop_suspicion(*member);
  if (!record.is_live()) return;
  const bool about_us = *member == self_.index();
  if (about_us && !self_.leaving()) {
    self_.refute(claim.incarnation, out);
    log(LogLevel::Warn, "Refuting a dead message (from: " + std::string(claim.from) + ")", out);
    return;
  }
  ++layer_.counters.death_claims;
  out.emplace_back(about(claim.node, claim));
  record.incarnation = claim.incarnation;
  record.state = claim.node == claim.from ? SwimState::Left : SwimState::Dead;
  if (record.state == SwimState::Left) takeover_.forget(*member);
  record.state_since = now;
  --live_count_;
  out.emplace_back(Gone{*member});
}

void Claims::begin_suspicion(TimePoint now, Index member, std::string_view accuser) {
  const Timing& timing = layer_.config.timing;
  const SuspicionTimes times =
      suspicion_times({.mult = timing.suspicion_mult,
                       .max_timeout_mult = timing.suspicion_max_timeout_mult,
                       .probe_interval = timing.probe_interval,
                       .first_push = layer_.config.first_push},
                      layer_.node_count());
  arm(member, suspicions_.emplace(member, Suspicion(now, times, accuser)).first->second);
}

void Claims::arm(Index member, const Suspicion& suspicion) {
  const Timer timer{Timer::Kind::Suspicion, member};
  layer_.cancel(timer);
  layer_.timers.arm(suspicion.deadline(), timer);
}

void Claims::drop_suspicion(Index member) {
  if (suspicions_.erase(member) > 0) layer_.cancel(Timer{Timer::Kind::Suspicion, member});
}

bool Claims::accused_by_another(Index member) const {
  const auto suspicion = suspicions_.find(member);
  if (suspicion == suspicions_.end()) return false;
  return std::ranges::any_of(suspicion->second.accusers(), [&](const std::string& accuser) {
    const std::optional<Index> other = node(accuser);
    return other && *other != member && *other != self_.index();
  });
}

void Claims::suspicion_expired(TimePoint now, Index member, Outputs& out) {
  const auto suspicion = suspicions_.find(member);
  if (suspicion == suspicions_.end()) return;
  const Record& record = layer_.table.at(member);
  log(LogLevel::Info,
      "Marking " + std::string(record.name.view()) + " as failed, suspect timeout reached (" +
          std::to_string(suspicion->second.confirmations()) + " peer confirmations)",
      out);
  take(now,
       wire::Dead{
           .incarnation = record.incarnation, .node = record.name.view(), .from = self_.name()},
       out);
}

}  // namespace gossip::swim
