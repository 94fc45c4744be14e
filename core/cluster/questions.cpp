// Queries: asked by us, asked of us, on their way through us (gossip-wire §9).
#include <utility>

#include "cluster/parts.h"

namespace gossip::cluster {

Verdict Cluster::Parts::query(const wire::QueryMessage& message) {
  if (!are_well_formed(message.filters)) return Verdict::Malformed;
  if (!query_clock.is_plausible(message.time)) return drop(Drop::Implausible);
  query_clock.witness(message.time);
  switch (queries.record(query_clock.time(), message.time, message.id)) {
    case Queries::Outcome::New: return Verdict::Taken;
    case Queries::Outcome::Old: return Verdict::Old;
    case Queries::Outcome::Full: break;
  }
  return drop(Drop::TableFull);
}

Verdict Cluster::Parts::relay(TimePoint now, const wire::Relay& message, Outputs& out) {
  Queries::Relayed relayed = queries.relay(now, message);
  if (relayed.send) {
    out.push_back(*std::move(relayed.send));
    return Verdict::Taken;
  }
  return relayed.why_not == Drop::Malformed ? Verdict::Malformed : drop(relayed.why_not);
}

}  // namespace gossip::cluster
