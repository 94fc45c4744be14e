#include "engine/coordinates.h"

#include <algorithm>

#include "coordinate/coordinate.h"
#include "wire/cluster_codec.h"

namespace gossip::engine {

namespace {

// Draws of its own, so that coordinates change nothing in whom we probe and tell.
base::Rng rng_for(Seed seed) {
  for (std::uint8_t& byte : seed)
    byte = static_cast<std::uint8_t>(~byte);
  return base::Rng(seed);
}

}  // namespace

Coordinates::Coordinates(gossip::Coordinates mode, const Seed& seed, Counters& counters)
    : on_(mode == gossip::Coordinates::On), client_(rng_for(seed)), counters_(counters) {}

Bytes Coordinates::ack_payload() const {
  return on_ ? wire::encode_ack_payload(client_.coordinate()) : Bytes();
}

std::optional<Drop> Coordinates::learn(members::Index member, Duration round_trip,
                                       ByteView payload) {
  if (!on_ || payload.empty()) return std::nullopt;
  const auto refuse = [this](Drop why) {
    ++counters_.coordinates_refused;
    return why;
  };
  const std::optional<Coordinate> theirs = wire::decode_ack_payload(payload);
  if (!theirs.has_value()) return refuse(Drop::Malformed);
  if (!coordinate::is_plausible(*theirs)) return refuse(Drop::Implausible);
  Known& known = known_[member];
  const Coordinate before = client_.coordinate();
  switch (client_.observe(*theirs, round_trip, known.filter)) {
    case coordinate::Client::Outcome::Moved:
      counters_.coordinate_moves.add(estimated_round_trip(before, client_.coordinate()));
      break;
    case coordinate::Client::Outcome::Reset: ++counters_.coordinate_resets; break;
    case coordinate::Client::Outcome::Refused: return refuse(Drop::Implausible);
  }
  known.coordinate = theirs;
  return std::nullopt;
}

void Coordinates::forget(members::Index member) {
  known_.erase(member);
}

std::optional<Coordinate> Coordinates::own() const {
  return on_ ? std::optional(client_.coordinate()) : std::nullopt;
}

std::optional<Coordinate> Coordinates::of(members::Index member) const {
  const auto known = known_.find(member);
  return known != known_.end() ? known->second.coordinate : std::nullopt;
}

}  // namespace gossip::engine
