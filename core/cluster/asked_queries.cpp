#include "cluster/asked_queries.h"

#include <utility>

namespace gossip::cluster {

AskedQuery& AskedQueries::open(TimePoint now, QueryToken token, AskedQuery query) {
  // What is over goes first, from the oldest on; most have about the same time.
  while (!open_.empty() && (open_.size() >= kMaxOpen || open_.begin()->second.answer_by < now)) {
    open_.erase(open_.begin());
  }
  if (query.ack == AckState::Held) {
    held_.push_back(token);
    if (!held_at_.has_value()) held_at_ = now;
  }
  return open_.insert_or_assign(token, std::move(query)).first->second;
}

AskedQuery* AskedQueries::find(QueryToken token) {
  const auto place = open_.find(token);
  return place == open_.end() ? nullptr : &place->second;
}

std::vector<QueryToken> AskedQueries::take_held(TimePoint now) {
  if (!held_at_.has_value() || *held_at_ > now) return {};
  held_at_.reset();
  return std::exchange(held_, {});
}

}  // namespace gossip::cluster
