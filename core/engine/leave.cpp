// Our departure: the leave intent spreads, then memberlist's good-bye, then we answer for another moment
// (gossip-wire §8.13). A phase that takes longer than the broadcast timeout is cut short, not given up.
#include <utility>

#include "engine/parts.h"

namespace gossip {

namespace {

// The only broadcast of the Serf layer that anybody waits for.
constexpr std::uint32_t kLeaveIntentTicket = 1;

}  // namespace

Expected<OpId> Engine::leave(TimePoint now, Effects& out) {
  Parts& parts = *parts_;
  if (parts.leave_phase != LeavePhase::None && parts.leave_phase != LeavePhase::Done) {
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
  rejoin_at.reset();
  snapshot.leave();
  if (joins.empty()) {
    announce_leave(now);
    return;
  }
  for (JoinCommand& join : joins)
    join.contacts.resize(join.next);
  leave_phase = LeavePhase::Joining;
  leave_at = now + config.timing.broadcast_timeout;
}

void Engine::Parts::joins_over(TimePoint now) {
  if (leave_phase == LeavePhase::Joining) announce_leave(now);
}

void Engine::Parts::announce_leave(TimePoint now) {
  told_anybody = cluster.begin_leave(now, kLeaveIntentTicket, cluster_out);
  if (told_anybody) {
    leave_phase = LeavePhase::Intent;
    leave_at = now + config.timing.broadcast_timeout;
  } else {
    enter_departure(now);
  }
}

void Engine::Parts::intent_spread(TimePoint now, std::uint32_t ticket) {
  if (leave_phase == LeavePhase::Intent && ticket == kLeaveIntentTicket) enter_departure(now);
}

void Engine::Parts::enter_departure(TimePoint now) {
  leave_phase = LeavePhase::Departure;
  leave_at.reset();  // swim watches the time of its own phase
  swim.leave(now, swim_out);
}

void Engine::Parts::departed(TimePoint now) {
  if (leave_phase != LeavePhase::Departure) return;
  leave_phase = LeavePhase::Propagate;
  // Where nobody listens there is nothing to wait for.
  leave_at = told_anybody ? now + config.timing.leave_propagate_delay : now;
}

void Engine::Parts::run_leave_timer(TimePoint now, Effects& out) {
  leave_at.reset();
  if (leave_phase == LeavePhase::Joining) {
    for (const StreamId id : conversations.with(Purpose::Join)) {
      stream_failed(now, id, "this node is leaving", out);
    }
  } else if (leave_phase == LeavePhase::Intent) {
    leave_spread = false;
    out.emplace_back(Log{LogLevel::Warn, "serf: timeout while waiting for graceful leave"});
    enter_departure(now);
  } else if (leave_phase == LeavePhase::Propagate) {
    leave_phase = LeavePhase::Done;
    cluster.end_leave(now, cluster_out);
    drain_cluster(now, out);
    // Whoever waited for the end may close the host before what comes after it is carried out.
    snapshot.settle(now, cluster.clocks(), out);
    out.emplace_back(Finish{leave_op, LeaveResult{leave_spread}});
  }
}

}  // namespace gossip
