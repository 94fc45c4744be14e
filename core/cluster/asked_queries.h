// Queries that this node has been asked and may still answer, and acks that wait for the end of the turn: whoever
// declines inside it makes the ack say so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gossip/address.h"
#include "gossip/lamport_time.h"
#include "gossip/query.h"
#include "gossip/time.h"

namespace gossip::cluster {

// Held: wanted, and not sent yet.
enum class AckState : std::uint8_t { NotWanted, Held, Sent };

// Whose query it is: what we answer ourselves needs no packet.
enum class AskedBy : std::uint8_t { Another, Ourselves };

struct AskedQuery {
  LamportTime time = 0;
  std::uint32_t id = 0;
  AskedBy by = AskedBy::Another;
  std::string asker;
  std::optional<Address> reply_to;  // nothing where the query names no place
  std::uint8_t relay_factor = 0;
  TimePoint answer_by;
  AckState ack = AckState::NotWanted;
  bool answered = false;
  bool declined = false;
};

class AskedQueries {
 public:
  // At the limit the oldest is given up: an answer to it comes too late.
  static constexpr std::size_t kMaxOpen = 1024;

  // The reference holds until the next `open`. A held ack is due at `now`.
  AskedQuery& open(TimePoint now, QueryToken token, AskedQuery query);
  // Also after its time, while it is remembered.
  [[nodiscard]] AskedQuery* find(QueryToken token);

  // Those whose acks are held, oldest first; afterwards none is due.
  [[nodiscard]] std::vector<QueryToken> take_held(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return held_at_; }

  [[nodiscard]] std::size_t size() const { return open_.size(); }

 private:
  std::map<QueryToken, AskedQuery> open_;  // tokens grow, so the oldest comes first
  std::vector<QueryToken> held_;
  std::optional<TimePoint> held_at_;
};

}  // namespace gossip::cluster
