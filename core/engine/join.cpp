// A join command: one push/pull with each contact, in order, all of them (gossip-wire §7.10, §8.13).
#include <algorithm>
#include <utility>

#include "engine/parts.h"

namespace gossip {

Expected<OpId> Engine::join(TimePoint now, std::span<const Address> contacts, Replay replay,
                            Effects& out) {
  if (parts_->leave_phase != engine::LeavePhase::None) {
    return fail(ErrorCode::WrongState, "cannot join: this node is leaving or has left its cluster");
  }
  engine::JoinCommand join{.op = ++parts_->last_op,
                           .kind = engine::JoinKind::Command,
                           .replay = replay,
                           .contacts = {contacts.begin(), contacts.end()},
                           .names = {},
                           .next = 0,
                           .result = {}};
  const OpId op = join.op;
  parts_->joins.push_back(std::move(join));
  parts_->ask_next_contact(now, parts_->joins.back(), out);
  parts_->settle(now, out);
  return op;
}

engine::JoinCommand* Engine::Parts::find_join(OpId op) {
  const auto it = std::find_if(joins.begin(), joins.end(),
                               [op](const JoinCommand& join) { return join.op == op; });
  return it == joins.end() ? nullptr : &*it;
}

// Begins with the next contact, or ends the command when there is none.
void Engine::Parts::ask_next_contact(TimePoint now, JoinCommand& join, Effects& out) {
  while (join.next < join.contacts.size()) {
    const Address& contact = join.contacts[join.next++];
    if (!same_endpoint(contact, local.advertised)) {
      if (join.kind != JoinKind::Command) rejoin_begins(join, out);
      open_push_pull(now, Purpose::Join, contact, join.op, out);
      return;
    }
    join.result.failures.push_back({contact.to_string(), "that is this node itself"});
  }
  if (join.kind == JoinKind::Command && join.result.joined > 0 && leave_phase == LeavePhase::None) {
    cluster.announce_join(cluster_out);
  }
  const OpId op = join.op;
  if (join.kind == JoinKind::Command) {
    // GCC 12 takes a temporary in emplace_back for uninitialised.
    Effect finish = Finish{op, std::move(join.result)};
    out.push_back(std::move(finish));
  } else {
    rejoin_over(join, out);
  }
  std::erase_if(joins, [op](const JoinCommand& done) { return done.op == op; });
  if (joins.empty()) joins_over(now);
}

void Engine::Parts::contact_answered(TimePoint now, OpId op, const Address& contact,
                                     const Expected<void>& result, Effects& out) {
  JoinCommand* join = find_join(op);
  if (join == nullptr) return;
  if (result.has_value()) {
    ++join->result.joined;
  } else {
    join->result.failures.push_back({contact.to_string(), result.error().message});
  }
  if (join->kind != JoinKind::Command) rejoin_tried(*join, result, out);
  ask_next_contact(now, *join, out);
}

}  // namespace gossip
