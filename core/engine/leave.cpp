// Our departure: the leave intent spreads, then memberlist's good-bye, until some members have acked a ping that
// carried it (gossip-wire §8.13). All of it takes at most the broadcast timeout: a phase that has used up its
// share is cut short, not given up.
#include <utility>

#include "engine/parts.h"

namespace gossip {

namespace {

// The only broadcast that anybody waits for.
constexpr std::uint32_t kLeaveIntentTicket = 1;

}  // namespace

Expected<OpId> Engine::leave(TimePoint now, Effects& out) {
  Parts& parts = *parts_;
  if (parts.leave_phase != engine::LeavePhase::None &&
      parts.leave_phase != engine::LeavePhase::Done) {
    return fail(ErrorCode::WrongState, "Leave already in progress");
  }
  const OpId op = ++parts.last_op;
  parts.begin_leave(now, op, out);
  parts.settle(now, out);
  return op;
}

void Engine::Parts::begin_leave(TimePoint now, OpId op, Effects& out) {
  if (leave_phase == LeavePhase::Done) {
    out.emplace_back(Finish{op, LeaveResult{leave_spread}});
    return;
  }
  leave_op = op;
  leave_began = now;
  rejoin_at.reset();
  snapshot.leave();
  if (joins.empty()) {
    announce_leave(now);
    return;
  }
  for (JoinCommand& join : joins)
    join.contacts.resize(join.next);
  enter(LeavePhase::Joining);
}

void Engine::Parts::enter(LeavePhase phase) {
  leave_phase = phase;
  const Duration limit = config.timing.broadcast_timeout;
  switch (phase) {
    case LeavePhase::Joining: leave_at = leave_began + limit / 3; break;
    case LeavePhase::Intent: leave_at = leave_began + limit * 2 / 3; break;
    case LeavePhase::Departure: leave_at = leave_began + limit; break;
    case LeavePhase::None:
    case LeavePhase::Departed:
    case LeavePhase::Done: leave_at.reset(); break;
  }
}

void Engine::Parts::joins_over(TimePoint now) {
  if (leave_phase == LeavePhase::Joining) announce_leave(now);
}

void Engine::Parts::announce_leave(TimePoint now) {
  const std::size_t before = cluster_out.size();
  if (!cluster.begin_leave(now, kLeaveIntentTicket, cluster_out)) return enter_departure(now);
  for (std::size_t i = before; i < cluster_out.size(); ++i) {
    const auto* broadcast = std::get_if<cluster::Broadcast>(&cluster_out[i]);
    if (broadcast != nullptr && broadcast->ticket == kLeaveIntentTicket) {
      leave_intent = engine::as_user_message(broadcast->message);
    }
  }
  enter(LeavePhase::Intent);
}

void Engine::Parts::intent_spread(TimePoint now, std::uint32_t ticket) {
  if (leave_phase == LeavePhase::Intent && ticket == kLeaveIntentTicket) enter_departure(now);
}

void Engine::Parts::enter_departure(TimePoint now) {
  enter(LeavePhase::Departure);
  // Who has missed the intent hears it in the packet that brings the good-bye, which would otherwise look like
  // a failure.
  swim.leave(now, std::move(leave_intent), swim_out);
}

void Engine::Parts::departed(TimePoint now) {
  if (leave_phase != LeavePhase::Departure) return;
  leave_phase = LeavePhase::Departed;
  leave_at = now;
}

void Engine::Parts::run_leave_timer(TimePoint now, Effects& out) {
  leave_at.reset();
  if (leave_phase == LeavePhase::Joining) {
    for (const StreamId id : conversations.with(Purpose::Join)) {
      stream_failed(now, id, "this node is leaving", out);
    }
  } else if (leave_phase == LeavePhase::Intent) {
    out.emplace_back(Log{LogLevel::Warn, "serf: timeout while waiting for graceful leave"});
    enter_departure(now);
  } else if (leave_phase == LeavePhase::Departure || leave_phase == LeavePhase::Departed) {
    leave_spread = leave_phase == LeavePhase::Departed;
    leave_phase = LeavePhase::Done;
    cluster.end_leave(now, cluster_out);
    drain_cluster(now, out);
    // Whoever waited for the end may close the host before what comes after it is carried out.
    snapshot.settle(now, cluster.clocks(), out);
    out.emplace_back(Finish{leave_op, LeaveResult{leave_spread}});
  }
}

}  // namespace gossip
