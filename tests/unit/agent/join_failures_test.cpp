#include "agent/join_failures.h"

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

TEST_CASE("failures of a join stand in one line, however many") {
  CHECK(describe({{"10.0.0.1", "connection refused"}, {"db", "no such host"}}) ==
        "10.0.0.1: connection refused; db: no such host");
  CHECK(describe({}) == "nobody to join");
}

}  // namespace
}  // namespace gossip::agent
