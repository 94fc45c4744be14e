// Queries that a client was shown on its streams, under the numbers by which it may answer them: counted per
// connection from 1, as Serf does (rpc.md §5.9). When one is too old, the engine knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "gossip/query.h"

namespace gossip::agent::rpc {

// Of one connection; beyond it the oldest can no longer be answered.
inline constexpr std::size_t kMaxQuestions = 1024;

class Questions {
 public:
  // The number under which the client will see it.
  [[nodiscard]] std::uint64_t add(QueryToken query);
  [[nodiscard]] std::optional<QueryToken> find(std::uint64_t id) const;
  // Its time is over.
  void forget(std::uint64_t id);

 private:
  std::uint64_t last_id_ = 0;
  std::deque<QueryToken> newest_;  // 0: forgotten; the last has last_id_
};

}  // namespace gossip::agent::rpc
