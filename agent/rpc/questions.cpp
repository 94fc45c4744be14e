#include "agent/rpc/questions.h"

namespace gossip::agent::rpc {

std::uint64_t Questions::add(QueryToken query) {
  if (newest_.size() == kMaxQuestions) newest_.pop_front();
  newest_.push_back(query);
  return ++last_id_;
}

std::optional<QueryToken> Questions::find(std::uint64_t id) const {
  const std::uint64_t forgotten = last_id_ - newest_.size();
  if (id <= forgotten || id > last_id_) return std::nullopt;
  const QueryToken query = newest_[id - forgotten - 1];
  if (query == 0) return std::nullopt;
  return query;
}

void Questions::forget(std::uint64_t id) {
  if (find(id)) newest_[id - (last_id_ - newest_.size()) - 1] = 0;
}

}  // namespace gossip::agent::rpc
