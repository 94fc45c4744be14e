#include "agent/rpc/questions.h"

#include <doctest/doctest.h>

namespace gossip::agent::rpc {
namespace {

TEST_CASE("questions are numbered from 1, and known by their number until they are forgotten") {
  Questions questions;
  CHECK_FALSE(questions.find(0));
  CHECK_FALSE(questions.find(1));
  CHECK(questions.add(70) == 1);
  CHECK(questions.add(71) == 2);
  CHECK(questions.find(1) == QueryToken{70});
  CHECK(questions.find(2) == QueryToken{71});
  CHECK_FALSE(questions.find(3));
  questions.forget(1);
  questions.forget(9);
  CHECK_FALSE(questions.find(1));
  CHECK(questions.find(2) == QueryToken{71});
}

TEST_CASE("of too many questions the oldest can no longer be answered") {
  Questions questions;
  for (QueryToken token = 1; token <= kMaxQuestions + 2; ++token)
    CHECK(questions.add(token) == token);
  CHECK_FALSE(questions.find(2));
  CHECK(questions.find(3) == QueryToken{3});
  CHECK(questions.find(kMaxQuestions + 2) == QueryToken{kMaxQuestions + 2});
  CHECK_FALSE(questions.find(~std::uint64_t{0}));
}

}  // namespace
}  // namespace gossip::agent::rpc
