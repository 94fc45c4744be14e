// Who on this node may still answer a query: once nobody can, the asker is told that no answer will follow, and
// need not wait for one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "gossip/query.h"

namespace gossip::agent {

// A client of a stream may answer until the deadline; nobody knows whether it will.
enum class Streams : std::uint8_t { None, Some };
enum class Answer : std::uint8_t { None, Given };

class AskedQueries {
 public:
  // A query came; `runs` handlers were given it. True: nobody will answer, decline it.
  [[nodiscard]] bool asked(QueryToken query, std::size_t runs, Streams streams);
  // One of its runs is over. True as above, at most once.
  [[nodiscard]] bool run_over(QueryToken query, Answer answer);

  [[nodiscard]] std::size_t size() const { return asked_.size(); }

 private:
  struct Claims {
    std::size_t runs = 0;
    bool may_be_answered = false;  // or was
  };
  std::map<QueryToken, Claims> asked_;  // those with runs: bounded by the handlers' queues
};

}  // namespace gossip::agent
