// Network coordinates at work: our own, which acks to members carry, and the last one of each member that has
// answered a probe. What arrives is believed only if it could be true.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "gossip/bytes.h"
#include "gossip/config.h"
#include "gossip/coordinate.h"
#include "gossip/engine.h"
#include "gossip/stats.h"
#include "gossip/time.h"

#include "coordinate/client.h"
#include "members/record.h"

namespace gossip::engine {

class Coordinates {
 public:
  // Off: none is sent, learnt or known. `counters` outlives it.
  Coordinates(gossip::Coordinates mode, const Seed& seed, Counters& counters);

  [[nodiscard]] bool is_on() const { return on_; }
  // For acks: our own; nothing when off.
  [[nodiscard]] Bytes ack_payload() const;

  // A member has acked a probe; `payload` may be empty. Why it was dropped, if it was.
  std::optional<Drop> learn(members::Index member, Duration round_trip, ByteView payload);
  // The member is gone.
  void forget(members::Index member);

  [[nodiscard]] std::optional<Coordinate> own() const;
  [[nodiscard]] std::optional<Coordinate> of(members::Index member) const;

 private:
  struct Known {
    std::optional<Coordinate> coordinate;
    coordinate::LatencyFilter filter;
  };

  bool on_;
  coordinate::Client client_;
  std::unordered_map<members::Index, Known> known_;
  Counters& counters_;
};

}  // namespace gossip::engine
