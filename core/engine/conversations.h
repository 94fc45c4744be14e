// The TCP conversations under way: who opened each and for what, its framing, its deadline, and the limits on
// all of them together (gossip-wire §4). What is said in them is exchange.cpp's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/config.h"
#include "gossip/effects.h"
#include "gossip/nonce_source.h"
#include "gossip/stats.h"
#include "gossip/time.h"

#include "engine/state_image.h"
#include "wire/packet.h"
#include "wire/stream.h"

namespace gossip::engine {

// Why we hold a stream.
enum class Purpose : std::uint8_t {
  Accepted,   // a peer came to us
  Sync,       // our periodic push/pull
  Join,       // a push/pull of a join command
  Reconnect,  // a push/pull with a failed member
  Probe,      // the TCP fallback of a probe
  Check,      // whether anybody listens there; nothing is said
};

struct Conversation {
  Purpose purpose = Purpose::Accepted;
  Address peer;
  // Of the join (OpId), probe (sequence number) or check that it belongs to.
  std::uint32_t owner = 0;
  std::string node;  // a probe's target
  TimePoint deadline;
  TimePoint heard_at;  // the last time that the peer said something
  bool opened = false;
  wire::StreamReader reader;

  explicit Conversation(wire::StreamSide writer) : reader(writer) {}
};

class Conversations {
 public:
  static constexpr std::size_t kMaxAccepted = 128;
  static constexpr std::size_t kMaxHeldBytes = std::size_t{64} * 1024 * 1024;

  // All references outlive this object.
  Conversations(const Config& config, const wire::Wrapping& wrapping, NonceSource& nonces,
                Counters& counters, const Seed& seed);

  // At kMaxAccepted the peer that has been silent longest is closed for the new one.
  [[nodiscard]] StreamId accept(TimePoint now, const Address& from, Effects& out);

  struct Call {
    Purpose purpose = Purpose::Sync;
    Address to;
    std::uint32_t owner = 0;
    std::string node;
    TimePoint give_up_at;
  };
  StreamId open(TimePoint now, Call call, Effects& out);

  // Null for an id that is closed already.
  [[nodiscard]] Conversation* find(StreamId id);
  // A stream of ours is open: from here the peer has a new deadline to answer (a probe keeps its own).
  void opened(TimePoint now, Conversation& conversation) const;

  [[nodiscard]] wire::StreamReader::Status feed(TimePoint now, Conversation& conversation,
                                                ByteView bytes);
  void write(Conversation& conversation, StreamId id, ByteView body, Effects& out);
  void close(StreamId id, Effects& out);
  // The host has closed it.
  void forget(StreamId id);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  // Ids whose deadline has come.
  [[nodiscard]] std::vector<StreamId> overdue(TimePoint now) const;
  [[nodiscard]] std::vector<StreamId> with(Purpose purpose) const;
  // The one that holds most, of those that came to us if there are any. There is one.
  [[nodiscard]] StreamId fullest() const;
  // All of them together hold more than kMaxHeldBytes of messages.
  [[nodiscard]] bool over_budget() const;
  [[nodiscard]] std::size_t size() const { return streams_.size(); }

 private:
  [[nodiscard]] StreamId next_id();

  const Config& config_;
  const wire::Wrapping& wrapping_;
  NonceSource& nonces_;
  Counters& counters_;
  StateImage state_;
  std::map<StreamId, Conversation> streams_;
  std::size_t accepted_ = 0;
  StreamId last_id_ = 0;
};

}  // namespace gossip::engine
