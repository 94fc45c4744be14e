// Which rule takes which message, and what of it is told on.
#include <cstddef>
#include <string>
#include <utility>

#include "cluster/parts.h"
#include "wire/cluster_codec.h"

namespace gossip::cluster {
namespace {

// What is new is queued again with the bytes that came: unknown fields survive.
Verdict pass_on(Verdict verdict, Queue queue, ByteView message, Outputs& out) {
  if (verdict == Verdict::Taken) {
    out.push_back(Broadcast{queue, Bytes(message.begin(), message.end()), 0});
  }
  return verdict;
}

// An intent that is news, before what followed from it, which begins at `at`. Those of a push/pull come by the
// thousand, and have a line of their own in the exchange.
void log_intent(Source source, std::string line, std::size_t at, Outputs& out) {
  if (source != Source::Gossip) return;
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), Log{LogLevel::Debug, std::move(line)});
}

}  // namespace

Verdict Cluster::Parts::receive(TimePoint now, ByteView message, Outputs& out) {
  if (message.size() > wire::kMaxClusterMessageBytes) return drop(Drop::TooLarge);
  const ByteView body = message.subspan(1);
  switch (static_cast<wire::ClusterType>(message[0])) {
    case wire::ClusterType::Join: {
      const std::optional<wire::JoinIntent> intent = wire::decode_join_intent(body);
      if (!intent) return Verdict::Malformed;
      return pass_on(join_intent(now, *intent, Source::Gossip, out), Queue::Intents, message, out);
    }
    case wire::ClusterType::Leave: {
      const std::optional<wire::LeaveIntent> intent = wire::decode_leave_intent(body);
      if (!intent) return Verdict::Malformed;
      return pass_on(leave_intent(now, *intent, Source::Gossip, out), Queue::Intents, message, out);
    }
    case wire::ClusterType::UserEvent: {
      const std::optional<wire::UserEventMessage> event = wire::decode_user_event(body);
      if (!event) return Verdict::Malformed;
      return pass_on(user_event(*event, out), Queue::Events, message, out);
    }
    case wire::ClusterType::Query: {
      const std::optional<wire::QueryMessage> asked = wire::decode_query(body);
      if (!asked) return Verdict::Malformed;
      const Verdict verdict = query(now, *asked, AskedBy::Another, out);
      if ((asked->flags & wire::kQueryNoBroadcast) != 0) return verdict;
      return pass_on(verdict, Queue::Queries, message, out);
    }
    case wire::ClusterType::QueryResponse: {
      const std::optional<wire::QueryResponse> reply = wire::decode_query_response(body);
      return reply ? response(now, *reply, out) : Verdict::Malformed;
    }
    case wire::ClusterType::Relay: {
      const std::optional<wire::Relay> carried = wire::decode_relay(body);
      return carried ? relay(now, *carried, out) : Verdict::Malformed;
    }
    case wire::ClusterType::PushPull:
    case wire::ClusterType::ConflictResponse:
    case wire::ClusterType::KeyRequest:
    case wire::ClusterType::KeyResponse: break;  // never messages of their own
  }
  return Verdict::Unknown;
}

Verdict Cluster::Parts::join_intent(TimePoint now, const wire::JoinIntent& intent, Source source,
                                    Outputs& out) {
  if (!member_clock.is_plausible(intent.time)) return drop(Drop::Implausible);
  member_clock.witness(intent.time);
  const std::optional<members::Index> member = statuses.find(intent.node);
  if (!member) return buffer(now, intent.node, {IntentKind::Join, intent.time}, source);
  // What others tell of our own joins must not make a leave old that we still have to refute: in a push/pull its time
  // stands like that of a join.
  if (config.false_leave == FalseLeave::TellSubject && statuses.is_self(*member))
    return Verdict::Old;
  if (statuses.join_intent(*member, intent.time) != IntentOutcome::New) return Verdict::Old;
  log_intent(source, "serf: messageJoinType: " + std::string(intent.node), out.size(), out);
  return Verdict::Taken;
}

Verdict Cluster::Parts::leave_intent(TimePoint now, const wire::LeaveIntent& intent, Source source,
                                     Outputs& out) {
  if (!member_clock.is_plausible(intent.time)) return drop(Drop::Implausible);
  member_clock.witness(intent.time);
  const std::optional<members::Index> member = statuses.find(intent.node);
  if (!member) return buffer(now, intent.node, {IntentKind::Leave, intent.time}, source);
  const Prune prune = intent.prune ? Prune::Yes : Prune::No;
  const std::size_t begin = out.size();
  switch (statuses.leave_intent(now, *member, intent.time, prune, own, out)) {
    case IntentOutcome::New:
      if (may_refute(*member)) reaper.member_leaving(now);
      log_intent(source, "serf: messageLeaveType: " + std::string(intent.node), begin, out);
      return Verdict::Taken;
    case IntentOutcome::Old: return Verdict::Old;
    case IntentOutcome::Refute: break;
  }
  out.push_back(Log{LogLevel::Debug, "serf: Refuting an older leave intent"});
  announce(out);
  return Verdict::Old;
}

Verdict Cluster::Parts::buffer(TimePoint now, std::string_view name, RecentIntent intent,
                               Source source) {
  if (name.size() > kMaxNameBytes) return drop(Drop::TooLarge);
  if (source == Source::Gossip && !intents.admit_gossiped(now)) return drop(Drop::RateLimited);
  if (!intents.upsert(now, name, intent, statuses.member_count())) return Verdict::Old;
  reaper.reap_by(now + config.timing.recent_intent_timeout);
  return Verdict::Taken;
}

Expected<void> Cluster::send_event(std::string_view name, ByteView payload, Coalesce coalesce,
                                   Outputs& out) {
  Parts& p = *parts_;
  const std::string limit = std::to_string(p.config.user_event_size_limit);
  if (name.size() + payload.size() > p.config.user_event_size_limit) {
    return fail(ErrorCode::TooLarge,
                "user event exceeds configured limit of " + limit + " bytes before encoding");
  }
  const wire::UserEventMessage event{p.event_clock.time(), name, payload,
                                     coalesce == Coalesce::Yes};
  Bytes message = wire::encode(event);
  if (message.size() > p.config.user_event_size_limit) {
    return fail(ErrorCode::TooLarge, "encoded user event exceeds configured limit of " + limit +
                                         " bytes after encoding");
  }
  p.event_clock.increment();
  if (p.user_event(event, out) != Verdict::Taken) {
    return fail(ErrorCode::LimitReached, "the cluster's event clock is exhausted");
  }
  out.push_back(Broadcast{Queue::Events, std::move(message), 0});
  return {};
}

Verdict Cluster::Parts::user_event(const wire::UserEventMessage& event, Outputs& out) {
  if (event.name.size() + event.payload.size() > kMaxUserEventBytes) return drop(Drop::TooLarge);
  if (!event_clock.is_plausible(event.time)) return drop(Drop::Implausible);
  event_clock.witness(event.time);
  switch (events.record(event_clock.time(), event)) {
    case UserEvents::Outcome::New: break;
    case UserEvents::Outcome::Old: return Verdict::Old;
    case UserEvents::Outcome::Full: return drop(Drop::TableFull);
  }
  ++counters.user_events;
  out.push_back(Published{UserEvent{event.time, std::string(event.name),
                                    Bytes(event.payload.begin(), event.payload.end()),
                                    event.coalesce ? Coalesce::Yes : Coalesce::No}});
  return Verdict::Taken;
}

}  // namespace gossip::cluster
