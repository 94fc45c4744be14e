#include "engine/conversations.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace gossip::engine {

Conversations::Conversations(const Config& config, const wire::Wrapping& wrapping,
                             NonceSource& nonces, Counters& counters, const Seed& seed)
    : config_(config), wrapping_(wrapping), nonces_(nonces), counters_(counters), state_(seed) {}

StreamId Conversations::next_id() {
  do {
    ++last_id_;
  } while (last_id_ == 0 || streams_.contains(last_id_));
  return last_id_;
}

StreamId Conversations::accept(TimePoint now, const Address& from, Effects& out) {
  if (accepted_ >= kMaxAccepted) {
    auto silent = streams_.end();
    for (auto it = streams_.begin(); it != streams_.end(); ++it) {
      if (it->second.purpose != Purpose::Accepted) continue;
      if (silent == streams_.end() || it->second.heard_at < silent->second.heard_at) silent = it;
    }
    counters_.drop(Drop::StreamLimit);
    close(silent->first, out);
  }
  const StreamId id = next_id();
  Conversation conversation(wire::StreamSide::Dialler);
  conversation.purpose = Purpose::Accepted;
  conversation.peer = from;
  conversation.deadline = now + config_.timing.tcp_timeout;
  conversation.heard_at = now;
  conversation.opened = true;
  streams_.emplace(id, std::move(conversation));
  ++accepted_;
  ++counters_.streams_accepted;
  return id;
}

StreamId Conversations::open(TimePoint now, Call call, Effects& out) {
  const StreamId id = next_id();
  Conversation conversation(wire::StreamSide::Acceptor);
  conversation.purpose = call.purpose;
  conversation.peer = call.to;
  conversation.owner = call.owner;
  conversation.node = std::move(call.node);
  conversation.deadline = call.give_up_at;
  conversation.heard_at = now;
  streams_.emplace(id, std::move(conversation));
  ++counters_.streams_opened;
  out.emplace_back(OpenStream{id, call.to, call.give_up_at});
  return id;
}

Conversation* Conversations::find(StreamId id) {
  const auto it = streams_.find(id);
  return it == streams_.end() ? nullptr : &it->second;
}

void Conversations::opened(TimePoint now, Conversation& conversation) const {
  conversation.opened = true;
  if (conversation.purpose != Purpose::Probe) {
    conversation.deadline = now + config_.timing.tcp_timeout;
  }
}

wire::StreamReader::Status Conversations::feed(TimePoint now, Conversation& conversation,
                                               ByteView bytes) {
  counters_.stream_bytes_received += bytes.size();
  conversation.heard_at = now;
  return conversation.reader.feed(bytes, wrapping_);
}

void Conversations::write(Conversation& conversation, StreamId id, ByteView body, Effects& out) {
  const wire::StreamSide side = conversation.purpose == Purpose::Accepted
                                    ? wire::StreamSide::Acceptor
                                    : wire::StreamSide::Dialler;
  Bytes sealed = wire::seal_compressed(state_.of(body, wrapping_), side, wrapping_, nonces_);
  counters_.stream_bytes_sent += sealed.size();
  out.emplace_back(WriteStream{id, std::move(sealed)});
}

void Conversations::close(StreamId id, Effects& out) {
  forget(id);
  out.emplace_back(CloseStream{id});
}

void Conversations::forget(StreamId id) {
  const auto it = streams_.find(id);
  if (it == streams_.end()) return;
  if (it->second.purpose == Purpose::Accepted) --accepted_;
  streams_.erase(it);
}

std::optional<TimePoint> Conversations::next_deadline() const {
  std::optional<TimePoint> earliest;
  for (const auto& [id, conversation] : streams_) {
    if (!earliest.has_value() || conversation.deadline < *earliest) {
      earliest = conversation.deadline;
    }
  }
  return earliest;
}

std::vector<StreamId> Conversations::overdue(TimePoint now) const {
  std::vector<StreamId> ids;
  for (const auto& [id, conversation] : streams_) {
    if (conversation.deadline <= now) ids.push_back(id);
  }
  return ids;
}

std::vector<StreamId> Conversations::with(Purpose purpose) const {
  std::vector<StreamId> ids;
  for (const auto& [id, conversation] : streams_) {
    if (conversation.purpose == purpose) ids.push_back(id);
  }
  return ids;
}

StreamId Conversations::fullest() const {
  GOSSIP_CHECK(!streams_.empty());
  const auto weight = [](const auto& entry) {
    const Conversation& conversation = entry.second;
    const std::size_t held = conversation.reader.held_bytes();
    return std::pair(conversation.purpose == Purpose::Accepted && held > 0, held);
  };
  return std::ranges::max_element(streams_, {}, weight)->first;
}

bool Conversations::over_budget() const {
  std::size_t held = 0;
  for (const auto& [id, conversation] : streams_)
    held += conversation.reader.held_bytes();
  return held > kMaxHeldBytes;
}

}  // namespace gossip::engine
