// Back to the members of the last run (gossip-wire §8.13). At start they are asked in random order until one
// answers: first those that were alive, then those that had failed. Whoever is still missing then is asked now
// and then, as failed members are; Serf forgets them, so that after an outage of a whole cluster its members
// may never find each other again (serf #333).
#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "engine/parts.h"

namespace gossip {

namespace {

using Contact = engine::SnapshotKeeper::Contact;

std::string describe(const std::string& name, const Address& address) {
  return name + ": " + address.to_string();
}

// Only the first round is news to anybody.
LogLevel level_of(const engine::JoinCommand& join, LogLevel first) {
  return join.kind == engine::JoinKind::Rejoin ? first : LogLevel::Debug;
}

}  // namespace

std::vector<Contact> Engine::Parts::missing_peers() const {
  std::vector<Contact> missing = snapshot.contacts();
  std::erase_if(missing, [this](const Contact& contact) {
    if (contact.name == config.node_name) return true;
    const std::optional<members::Index> member = table.find(contact.name);
    return member.has_value() && table.at(*member).is_member();
  });
  return missing;
}

void Engine::Parts::begin_rejoin(TimePoint now, JoinKind kind, Effects& out) {
  std::vector<Contact> missing = missing_peers();
  if (missing.empty()) return;
  rejoin_at = now + config.timing.reconnect_interval;
  const auto failed = std::stable_partition(
      missing.begin(), missing.end(),
      [](const Contact& contact) { return contact.as == cluster::Remembered::Alive; });
  rng.shuffle(std::span(missing.begin(), failed));
  rng.shuffle(std::span(failed, missing.end()));

  JoinCommand join{.op = ++last_op,
                   .kind = kind,
                   .replay = Replay::DeliverOld,
                   .contacts = {},
                   .names = {},
                   .next = 0,
                   .result = {}};
  for (Contact& contact : missing) {
    join.contacts.push_back(contact.address);
    join.names.push_back(std::move(contact.name));
  }
  joins.push_back(std::move(join));
  ask_next_contact(now, joins.back(), out);
}

void Engine::Parts::rejoin_begins(const JoinCommand& join, Effects& out) {
  const std::size_t at = join.next - 1;
  out.emplace_back(
      Log{level_of(join, LogLevel::Info), "serf: Attempting re-join to previously known node: " +
                                              describe(join.names[at], join.contacts[at])});
}

void Engine::Parts::rejoin_tried(JoinCommand& join, const Expected<void>& result, Effects& out) {
  const std::size_t at = join.next - 1;
  if (!result.has_value()) {
    out.emplace_back(Log{LogLevel::Debug, "memberlist: Failed to join " +
                                              join.contacts[at].to_string() + ": " +
                                              result.error().message});
    return;
  }
  out.emplace_back(Log{LogLevel::Info, "serf: Re-joined to previously known node: " +
                                           describe(join.names[at], join.contacts[at])});
  join.contacts.resize(join.next);
}

void Engine::Parts::rejoin_over(const JoinCommand& join, Effects& out) const {
  if (join.result.joined > 0 || leave_phase != LeavePhase::None) return;
  out.emplace_back(
      Log{level_of(join, LogLevel::Warn), "serf: Failed to re-join any previously known node"});
}

// Of a member that has left while we were away the others tell only that it meant to.
void Engine::Parts::forget_those_who_left() {
  for (const Contact& contact : missing_peers()) {
    const std::optional<cluster::RecentIntent> intent = cluster.recent_intent(contact.name);
    if (intent.has_value() && intent->kind == cluster::IntentKind::Leave) {
      snapshot.forget(contact.name);
    }
  }
}

void Engine::Parts::run_rejoin_timer(TimePoint now, Effects& out) {
  rejoin_at.reset();
  forget_those_who_left();
  const std::vector<Contact> missing = missing_peers();
  if (missing.empty()) return;
  rejoin_at = now + config.timing.reconnect_interval;
  const bool is_alone = swim.live_count() < 2;
  if (is_alone) {
    const bool is_under_way = std::ranges::any_of(
        joins, [](const JoinCommand& join) { return join.kind != JoinKind::Command; });
    if (!is_under_way) begin_rejoin(now, JoinKind::RejoinAgain, out);
    return;
  }
  if (now - started_at >= config.timing.reconnect_timeout) {
    for (const Contact& contact : missing)
      snapshot.forget(contact.name);
    rejoin_at.reset();
    return;
  }
  const Contact& contact = missing[static_cast<std::size_t>(rng.uniform(missing.size()))];
  out.emplace_back(Log{LogLevel::Info, "serf: attempting reconnect to " + contact.name + " " +
                                           contact.address.to_string()});
  open_push_pull(now, Purpose::Reconnect, contact.address, 0, out);
}

}  // namespace gossip
