// What is sent to everybody, and what comes back: user events, queries, answers.
#include "engine/parts.h"

namespace gossip {

Expected<void> Engine::send_event(TimePoint now, std::string_view name, ByteView payload,
                                  Coalesce coalesce, Effects& out) {
  Parts& parts = *parts_;
  Expected<void> sent = parts.cluster.send_event(name, payload, coalesce, parts.cluster_out);
  parts.settle(now, out);
  return sent;
}

Expected<QueryToken> Engine::send_query(TimePoint now, const QueryParams& params, Effects& out) {
  Parts& parts = *parts_;
  Expected<QueryToken> asked = parts.cluster.send_query(now, params, parts.cluster_out);
  parts.settle(now, out);
  return asked;
}

Expected<void> Engine::respond(TimePoint now, QueryToken query, ByteView payload, Effects& out) {
  Parts& parts = *parts_;
  Expected<void> sent = parts.cluster.respond(now, query, payload, parts.cluster_out);
  parts.settle(now, out);
  return sent;
}

void Engine::decline(TimePoint now, QueryToken query, Effects& out) {
  parts_->cluster.decline(now, query, parts_->cluster_out);
  parts_->settle(now, out);
}

}  // namespace gossip
