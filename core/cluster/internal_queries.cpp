#include "cluster/internal_queries.h"

#include <string>
#include <utility>

namespace gossip::cluster {

std::optional<Bytes> InternalQueries::answer(TimePoint /*now*/, const InternalQuestion& question,
                                             Outputs& out) {
  if (question.name == kPingQuery) return std::nullopt;
  std::string line = "serf: Unhandled internal query '";
  line.append(question.name.substr(kInternalPrefix.size())).append("'");
  out.push_back(Log{LogLevel::Warn, std::move(line)});
  return std::nullopt;
}

}  // namespace gossip::cluster
