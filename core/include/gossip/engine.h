// The protocol as a function: a configuration, one seed and a sequence of inputs give a sequence of
// effects, byte for byte, on every machine. It reads no clock, draws no entropy, touches no socket.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/config.h"
#include "gossip/coordinate.h"
#include "gossip/effects.h"
#include "gossip/nonce_source.h"
#include "gossip/stats.h"
#include "gossip/time.h"

namespace gossip::base {
class TextPool;
}
namespace gossip::engine {
class Inspection;
}

namespace gossip {

using Seed = std::array<std::uint8_t, 32>;

// Where this node is: what it tells others, and the port it is bound to, which stands in for a peer's
// missing one.
struct LocalAddress {
  Address advertised;
  std::uint16_t bind_port = kDefaultPort;
};

enum class Prune : std::uint8_t { No, Yes };

class Engine {
 public:
  // `config` passed `check`, and its tags encode (else it starts without them, and says so). `nonces` and `texts` (equal
  // names and tags stored once) outlive the engine.
  Engine(Config config, LocalAddress local, Seed seed, NonceSource& nonces, base::TextPool& texts);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  Engine(Engine&&) = delete;
  Engine& operator=(Engine&&) = delete;
  ~Engine();

  // Becomes a member of a cluster of one; publishes our own join. Once, before any other input.
  void start(TimePoint now, Effects& out);
  // The same with the text of the snapshot of our last run: clocks go on from there, and the members that
  // it names are joined again, one by one in random order, until one answers (gossip-wire §8.13, §10).
  void start(TimePoint now, std::string_view last_run, Effects& out);

  // Network. Malformed bytes are counted and logged; they are never an error to the host.
  void receive_packet(TimePoint now, const Address& from, ByteView datagram, Effects& out);
  void packet_refused(TimePoint now, const Address& to, Effects& out);  // ICMP: no such port
  // A peer has connected. A stream that the engine does not want is closed by an effect at once.
  [[nodiscard]] StreamId accept_stream(TimePoint now, const Address& from, Effects& out);
  void stream_opened(TimePoint now, StreamId id, Effects& out);
  void receive_stream(TimePoint now, StreamId id, ByteView bytes, Effects& out);
  // Ids that the engine has closed are ignored, here and above.
  void stream_ended(TimePoint now, StreamId id, StreamEnd why, Effects& out);

  // How a Save ended: each Replace in order, an Append if it failed.
  void saved(TimePoint now, SavedFile file, const Expected<void>& result, Effects& out);

  // Time: runs every timer due at or before `now`; `now` never goes back in any call.
  void advance(TimePoint now, Effects& out);
  // When `advance` has work to do; nothing if only an input can bring some.
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  // Commands. An Error means refused, nothing changed. A slow one returns the OpId of its Finish.
  // Contacts are tried one after the other, all of them, also after a success (rpc §5.6).
  Expected<OpId> join(TimePoint now, std::span<const Address> contacts, Replay replay,
                      Effects& out);
  Expected<OpId> leave(TimePoint now, Effects& out);
  // TooLarge beyond kMaxTagsBytes encoded.
  Expected<void> set_tags(TimePoint now, Tags tags, Effects& out);
  // Works on failed members (they become left), and marks living ones leaving until they refute.
  // An unknown name is no error: the intent is remembered and passed on.
  Expected<void> force_leave(TimePoint now, std::string_view name, Prune prune, Effects& out);

  // To everybody, ourselves included. TooLarge beyond user_event_size_limit, of name and payload together and
  // of the encoded message.
  Expected<void> send_event(TimePoint now, std::string_view name, ByteView payload,
                            Coalesce coalesce, Effects& out);
  // Replies and the end come as QueryReply and QueryDone with the token. Errors: TooLarge beyond
  // query_size_limit, InvalidArgument (reserved name, pattern that RE2 refuses, relay factor),
  // WrongState below protocol 4.
  Expected<QueryToken> send_query(TimePoint now, const QueryParams& params, Effects& out);
  // Answers a query that was published here, once. NotFound after its time or for no such token,
  // WrongState "response already sent", TooLarge beyond query_response_size_limit.
  Expected<void> respond(TimePoint now, QueryToken query, ByteView payload, Effects& out);
  // Nobody here will answer it: an asker of our kind waits no longer. The ack waits for the end of the turn in
  // which the query is published, so a decline from inside that costs no packet of its own. Any token.
  void decline(TimePoint now, QueryToken query, Effects& out);
  // One after the other. InvalidArgument for a key of another length than 16, 24 or 32 bytes.
  Expected<OpId> change_keys(TimePoint now, const KeyCommand& command, Effects& out);

  // Of this node, or what a member has told with its last answer to a probe of ours. Nothing if coordinates
  // are off here, or the member has not answered yet or is reaped.
  [[nodiscard]] std::optional<Coordinate> coordinate(std::string_view name) const;
  [[nodiscard]] const Tags& tags() const;
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const LocalAddress& local_address() const;
  [[nodiscard]] std::vector<Member> members() const;  // sorted by name, ourselves included
  [[nodiscard]] std::optional<Member> member(std::string_view name) const;
  [[nodiscard]] const Stats& stats() const;

 private:
  friend class engine::Inspection;  // for tests
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace gossip
