#include "sim/run.h"

#include <doctest/doctest.h>

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a seed gives the same run twice, and another seed another one") {
  const Scenario scenario = plain_scenario(7, 5, 1min, FaultSet::all());
  const Outcome first = run(scenario);
  const Outcome second = run(scenario);
  CHECK_FALSE(first.broken);
  CHECK(first.turns > 500);
  CHECK(first.trace_hash == second.trace_hash);
  CHECK(first.turns == second.turns);
  CHECK(run(plain_scenario(8, 5, 1min, FaultSet::all())).trace_hash != first.trace_hash);
}

TEST_CASE("watching a run does not change it") {
  const Scenario scenario = plain_scenario(7, 4, 30s, FaultSet::all());
  std::uint64_t lines = 0;
  Commentary commentary;
  commentary.trace = [&lines](std::string_view) { ++lines; };
  commentary.last_turn = 100;
  CHECK(run(scenario, commentary).trace_hash == run(scenario).trace_hash);
  CHECK(lines == 100);
}

TEST_CASE("a cluster without faults agrees and stays so") {
  const Outcome outcome = run(plain_scenario(1, 6, 1min, {}));
  CHECK_FALSE(outcome.broken);
  REQUIRE(outcome.converged_after);
  CHECK(*outcome.converged_after <= 2s);
}

}  // namespace
}  // namespace gossip::sim
