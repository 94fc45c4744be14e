#include "agent/events/asked_queries.h"

namespace gossip::agent {

bool AskedQueries::asked(QueryToken query, std::size_t runs, Streams streams) {
  if (runs == 0) return streams == Streams::None;
  asked_[query] = {runs, streams == Streams::Some};
  return false;
}

bool AskedQueries::run_over(QueryToken query, Answer answer) {
  const auto found = asked_.find(query);
  if (found == asked_.end()) return false;
  Claims& claims = found->second;
  if (answer == Answer::Given) claims.may_be_answered = true;
  if (--claims.runs > 0) return false;
  const bool nobody = !claims.may_be_answered;
  asked_.erase(found);
  return nobody;
}

}  // namespace gossip::agent
