#include "agent/events/asked_queries.h"

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

TEST_CASE("a query that nobody here wants is declined at once") {
  AskedQueries queries;
  CHECK(queries.asked(1, 0, Streams::None));
  CHECK_FALSE(queries.asked(2, 0, Streams::Some));
  CHECK(queries.size() == 0);
}

TEST_CASE("a query is declined when its last run has no answer") {
  AskedQueries queries;
  CHECK_FALSE(queries.asked(1, 2, Streams::None));
  CHECK_FALSE(queries.run_over(1, Answer::None));
  CHECK(queries.run_over(1, Answer::None));
  CHECK(queries.size() == 0);
  CHECK_FALSE(queries.run_over(1, Answer::None));
}

TEST_CASE("a query with an answer is not declined, whichever run gave it") {
  AskedQueries queries;
  CHECK_FALSE(queries.asked(1, 2, Streams::None));
  CHECK_FALSE(queries.run_over(1, Answer::Given));
  CHECK_FALSE(queries.run_over(1, Answer::None));
  CHECK(queries.size() == 0);
}

TEST_CASE("a stream's client may answer after the handlers did not") {
  AskedQueries queries;
  CHECK_FALSE(queries.asked(1, 1, Streams::Some));
  CHECK_FALSE(queries.run_over(1, Answer::None));
}

}  // namespace
}  // namespace gossip::agent
