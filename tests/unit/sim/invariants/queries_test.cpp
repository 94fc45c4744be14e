#include <doctest/doctest.h>

#include "unit/sim/invariants/made_up.h"

namespace gossip::sim::made_up {
namespace {

Effect reply(QueryReplyKind kind) {
  return QueryReply{1, kind, "n1", {}};
}
Effect done(std::uint32_t answered) {
  QueryDone done;
  done.query = 1;
  done.answered = answered;
  return done;
}

TEST_CASE("a second answer of one member is found") {
  World world(queries_get_one_answer(kHosts));
  CHECK_FALSE(world.turn(StepKind::Packet, {}, {reply(QueryReplyKind::Ack)}));
  CHECK_FALSE(world.turn(StepKind::Packet, {}, {reply(QueryReplyKind::Response)}));
  CHECK(world.turn(StepKind::Packet, {}, {reply(QueryReplyKind::Response)}) ==
        "n0: query 1 got two answers from n1");
}

TEST_CASE("what follows the end of a query is found, and a second end") {
  World world(queries_get_one_answer(kHosts));
  CHECK_FALSE(world.turn(StepKind::Packet, {}, {done(0)}));
  CHECK(world.turn(StepKind::Packet, {}, {reply(QueryReplyKind::Ack)}) ==
        "n0: query 1 got a reply after its end");
  CHECK(world.turn(StepKind::Packet, {}, {done(0)}) == "n0: query 1 ended twice");
}

TEST_CASE("an end that counts more answers than came is found") {
  World world(queries_get_one_answer(kHosts));
  CHECK(world.turn(StepKind::Packet, {}, {done(1)}) == "n0: query 1 counts 1 answers, and got 0");
}

TEST_CASE("a query that is put to a process twice is found") {
  World world(queries_get_one_answer(kHosts));
  Query query;
  query.name = "q";
  const Effects put = {Publish{query}};
  CHECK_FALSE(world.turn(StepKind::Packet, {}, put));
  CHECK(world.turn(StepKind::Packet, {}, put) == "n0: q was put to it twice");
}

}  // namespace
}  // namespace gossip::sim::made_up
