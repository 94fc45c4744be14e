// What is said in a TCP conversation: push/pull on both sides, TCP pings, user messages (gossip-wire §4.4,
// §7.9). Who may hold a stream, and how long, is conversations.h's.
#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "base/shown.h"
#include "engine/parts.h"
#include "swim/scaling.h"
#include "wire/swim_codec.h"

namespace gossip {

namespace {

// What a peer is told about a stream that could not be read, and people here about an answer.
std::string_view reason_for(Drop why) {
  switch (why) {
    case Drop::Undecryptable: return "cannot be decrypted: the encryption keys differ";
    case Drop::Plaintext: return "is not encrypted, but encryption is configured";
    case Drop::WrongLabel: return "carries another cluster label";
    case Drop::BadCompression: return "cannot be decompressed";
    case Drop::TooLarge: return "is larger than the limits of the protocol";
    default: return "is no message of the gossip protocol";
  }
}

}  // namespace

void Engine::Parts::open_push_pull(TimePoint now, Purpose purpose, const Address& to,
                                   std::uint32_t owner, Effects& out) {
  conversations.open(now,
                     {.purpose = purpose,
                      .to = to,
                      .owner = owner,
                      .node = {},
                      .give_up_at = now + config.timing.tcp_timeout},
                     out);
}

Bytes Engine::Parts::local_push_pull(JoinFlag join) const {
  wire::PushPull ours;
  ours.join = join == JoinFlag::Set;
  ours.nodes = swim.local_rows();
  const Bytes user_state = cluster.local_state();
  ours.user_state = user_state;
  return wire::encode(ours);
}

// Our stream is open: say what we came for.
void Engine::Parts::speak_first(TimePoint now, StreamId id, Conversation& conversation,
                                Effects& out) {
  swim.heard_from(conversation.peer);
  if (conversation.purpose == Purpose::Check) {
    stream_failed(now, id, {}, out);
    return;
  }
  conversations.opened(now, conversation);
  if (conversation.purpose == Purpose::Probe) {
    const members::Record& self = table.at(swim.self());
    const wire::Ping ping{.sequence = conversation.owner,
                          .node = conversation.node,
                          .source = {self.ip.bytes(), self.port, self.name.view()}};
    conversations.write(conversation, id, wire::encode(ping), out);
    return;
  }
  out.emplace_back(Log{LogLevel::Debug, "memberlist: Initiating push/pull sync with: " +
                                            conversation.peer.to_string()});
  const JoinFlag join = conversation.purpose == Purpose::Sync ? JoinFlag::Clear : JoinFlag::Set;
  conversations.write(conversation, id, local_push_pull(join), out);
}

void Engine::Parts::hear(TimePoint now, StreamId id, ByteView bytes, Effects& out) {
  Conversation* conversation = conversations.find(id);
  if (conversation == nullptr) return;
  const wire::StreamReader::Status status = conversations.feed(now, *conversation, bytes);
  // A whole message counts as well: unfolded, it may be a thousand times as long as what came.
  close_fullest(now, out);
  conversation = conversations.find(id);
  if (conversation == nullptr) return;
  switch (status) {
    case wire::StreamReader::Status::More: return;
    case wire::StreamReader::Status::Broken: refuse_stream(now, id, *conversation, out); return;
    case wire::StreamReader::Status::Message: break;
  }
  if (conversation->purpose == Purpose::Accepted) {
    answer(now, id, *conversation, out);
  } else {
    conclude(now, id, *conversation, out);
  }
}

// Whoever holds most goes: two that stall with much must not cost all others their exchanges.
void Engine::Parts::close_fullest(TimePoint now, Effects& out) {
  while (conversations.over_budget()) {
    const StreamId id = conversations.fullest();
    complain(now, Drop::StreamLimit, conversations.find(id)->peer, out);
    stream_failed(now, id, "too many messages are under way", out);
  }
}

// A peer that came to us has said what it wants.
void Engine::Parts::answer(TimePoint now, StreamId id, Conversation& conversation, Effects& out) {
  const Address peer = conversation.peer;
  std::visit(base::Overloaded{
                 [&](const wire::Ping& ping) {
                   if (!ping.node.empty() && ping.node != config.node_name) {
                     complain(now, Drop::NotForUs, peer, out);
                     return;
                   }
                   const wire::Ack ack{.sequence = ping.sequence, .payload = {}};
                   conversations.write(conversation, id, wire::encode(ack), out);
                 },
                 [&](const wire::PushPull& theirs) {
                   out.emplace_back(
                       Log{LogLevel::Debug, "memberlist: Push/pull from " + peer.to_string()});
                   // Ours goes first: it must not yet hold what they tell us.
                   conversations.write(conversation, id, local_push_pull(JoinFlag::Clear), out);
                   (void)merge(now, peer, theirs, cluster::MergeKind::Sync, out);
                 },
                 [&](const wire::UserMessage& user) {
                   dispatch_user(now, conversation.peer, user.body, out);
                 },
                 [&](const wire::Ack&) { complain(now, Drop::UnknownType, peer, out); },
                 [&](const wire::ErrorReply&) { complain(now, Drop::UnknownType, peer, out); },
             },
             conversation.reader.message());
  conversations.close(id, out);
}

// The peer that we asked has answered.
void Engine::Parts::conclude(TimePoint now, StreamId id, Conversation& conversation, Effects& out) {
  const Purpose purpose = conversation.purpose;
  const std::uint32_t owner = conversation.owner;
  if (const auto* error = std::get_if<wire::ErrorReply>(&conversation.reader.message())) {
    stream_failed(now, id, "the peer refused: " + base::shown(error->error), out);
    return;
  }
  if (purpose == Purpose::Probe) {
    const auto* ack = std::get_if<wire::Ack>(&conversation.reader.message());
    const bool fits = ack != nullptr && ack->sequence == owner;
    conversations.close(id, out);
    if (fits) swim.stream_ping_answered(now, owner);
    return;
  }
  const auto* theirs = std::get_if<wire::PushPull>(&conversation.reader.message());
  if (theirs == nullptr) {
    stream_failed(now, id, "the answer is no push/pull", out);
    return;
  }
  const JoinCommand* join = purpose == Purpose::Join ? find_join(owner) : nullptr;
  cluster::MergeKind kind = cluster::MergeKind::Sync;
  if (join != nullptr) {
    kind = join->replay == Replay::DeliverOld ? cluster::MergeKind::JoinReplaying
                                              : cluster::MergeKind::JoinIgnoringOld;
  }
  const Address peer = conversation.peer;
  const Expected<void> merged = merge(now, peer, *theirs, kind, out);
  if (!merged.has_value()) {
    stream_failed(now, id, merged.error().message, out);
    return;
  }
  conversations.close(id, out);
  if (join != nullptr) contact_answered(now, owner, peer, {}, out);
}

// What arrived cannot be read. A peer that came to us hears why, as from Serf; it may be a person's typo.
void Engine::Parts::refuse_stream(TimePoint now, StreamId id, Conversation& conversation,
                                  Effects& out) {
  const Drop why = conversation.reader.why();
  const bool is_keyless = why == Drop::Undecryptable && !cipher.has_value();
  if (why == Drop::WrongLabel) {
    complain_of_label(now, conversation.peer, conversation.reader.raw(), out);
  } else if (is_keyless) {
    complain(now, why, conversation.peer, out, engine::kNoKeyHere);
  } else {
    complain(now, why, conversation.peer, out);
  }
  const std::string_view reason = is_keyless ? engine::kNoKeyHere : reason_for(why);
  if (conversation.purpose != Purpose::Accepted) {
    stream_failed(now, id, "the answer " + std::string(reason), out);
    return;
  }
  // A label mismatch is closed without an answer (gossip-wire §4.3).
  if (why == Drop::Undecryptable || why == Drop::Plaintext || why == Drop::BadCompression) {
    const std::string text = "what you sent " + std::string(reason);
    conversations.write(conversation, id, wire::encode(wire::ErrorReply{.error = text}), out);
  }
  conversations.close(id, out);
}

Expected<void> Engine::Parts::merge(TimePoint now, const Address& peer,
                                    const wire::PushPull& theirs, cluster::MergeKind kind,
                                    Effects& out) {
  Expected<void> fits = swim.check_versions(theirs.nodes);
  if (!fits.has_value()) {
    complain(now, Drop::BadVersions, peer, out,
             "its protocol versions do not fit ours (" + fits.error().message + ")");
    return fits;
  }
  swim.merge(now, theirs.nodes, swim_out);
  // Members must exist before their statuses arrive.
  drain_swim(now, out);
  if (!theirs.user_state.empty()) {
    const cluster::Verdict verdict = cluster.merge_state(now, theirs.user_state, kind, cluster_out);
    if (verdict == cluster::Verdict::Malformed || verdict == cluster::Verdict::Unknown) {
      complain(now, Drop::Malformed, peer, out);
    }
    drain_cluster(now, out);
  }
  ++stats.counters.push_pulls;
  return {};
}

void Engine::Parts::stream_failed(TimePoint now, StreamId id, std::string reason, Effects& out) {
  Conversation* conversation = conversations.find(id);
  if (conversation == nullptr) return;
  const Purpose purpose = conversation->purpose;
  const std::uint32_t owner = conversation->owner;
  const Address peer = conversation->peer;
  conversations.close(id, out);
  switch (purpose) {
    case Purpose::Join:
      contact_answered(now, owner, peer, fail(ErrorCode::Unreachable, std::move(reason)), out);
      break;
    case Purpose::Sync:
      out.emplace_back(Log{LogLevel::Error, "memberlist: Push/Pull with " + peer.to_string() +
                                                " failed: " + reason});
      break;
    case Purpose::Reconnect:
      out.emplace_back(
          Log{LogLevel::Debug, "serf: reconnect to " + peer.to_string() + " failed: " + reason});
      break;
    case Purpose::Check: swim.address_checked(now, owner, swim::Listener::Unknown, swim_out); break;
    case Purpose::Probe:     // silence is answer enough
    case Purpose::Accepted:  // the peer knows best why it went
      break;
  }
}

// Nobody listens where a probe or a check went.
void Engine::Parts::refused(TimePoint now, Purpose purpose, std::uint32_t owner) {
  if (purpose == Purpose::Probe) {
    swim.stream_ping_refused(now, owner, swim_out);
  } else {
    swim.address_checked(now, owner, swim::Listener::None, swim_out);
  }
}

void Engine::Parts::expire_streams(TimePoint now, Effects& out) {
  for (const StreamId id : conversations.overdue(now)) {
    const Conversation* conversation = conversations.find(id);
    const bool opened = conversation != nullptr && conversation->opened;
    stream_failed(
        now, id, opened ? "no answer within the time limit" : "no connection within the time limit",
        out);
  }
}

// The first wait is random, so that members that started together do not sync together.
void Engine::Parts::schedule_push_pull(TimePoint now) {
  if (push_pull_at.has_value() || swim.live_count() < 2) return;
  const auto interval = static_cast<std::uint64_t>(config.timing.push_pull_interval.count());
  push_pull_at = now + Duration(static_cast<std::int64_t>(rng.uniform(interval)));
}

void Engine::Parts::run_push_pull(TimePoint now, Effects& out) {
  push_pull_at.reset();
  const std::vector<members::Index> peer = swim.random_alive(1);
  if (peer.empty()) return;
  open_push_pull(now, Purpose::Sync, table.at(peer.front()).address(), 0, out);
  push_pull_at =
      now + swim::push_pull_interval(config.timing.push_pull_interval, swim.node_count());
}

}  // namespace gossip
