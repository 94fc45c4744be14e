// When seeds are asked by an agent that has met others already.
#include <algorithm>

#include <doctest/doctest.h>

#include "agent/seeds/seeds.h"
#include "unit/agent/seeds/seeking_agent.h"

namespace gossip::agent::seeds {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("when the last other member is lost the seeds are asked soon") {
  Agent agent;
  agent.use({"10.0.0.1"});
  agent.find({"10.0.0.1"});
  agent.joined({"10.0.0.1"});
  agent.pass(minutes(100));
  agent.lose({});
  agent.pass(seconds(2));
  CHECK(agent.joining() == all_at({"10.0.0.1"}));
}

TEST_CASE(
    "in a cluster, missing seeds are tried some three times an interval by all members together") {
  for (const std::size_t others : {2U, 29U, 299U}) {
    Agent agent;
    agent.use({"10.0.0.1"}, {.interval = seconds(30)});
    for (std::size_t i = 0; i < others; ++i) {
      agent.sight.living.push_back(
          at("10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1)));
    }
    std::sort(agent.sight.living.begin(), agent.sight.living.end());
    agent.find({"10.0.0.1"});
    agent.refused();
    CHECK(agent.state() == "waiting");
    const Duration share = seconds(30) * static_cast<int>(others + 1) / 3;
    const Duration wait = *agent.seeds.next_deadline() - agent.now;
    CHECK(wait >= share * 4 / 5);
    CHECK(wait <= share * 6 / 5);
  }
}

TEST_CASE("a seed that is found by others in the meantime is left alone") {
  Agent agent;
  agent.use({"10.0.0.1"});
  agent.find({"10.0.0.1"});
  agent.refused();
  agent.sight.living = all_at({"10.0.0.1"});
  agent.seeds.members_changed(agent.now);
  agent.pass(minutes(10));
  CHECK(agent.joins.empty());
  CHECK(agent.error().empty());
}

TEST_CASE(
    "the half that a seed names and that is gone is looked for, though others of it are here") {
  Agent agent;
  agent.use({"seed.example"}, {.interval = seconds(30)});
  agent.find({"10.0.0.1", "10.0.0.2"});
  agent.joined({"10.0.0.1", "10.0.0.2"});
  agent.lose({"10.0.0.1"});
  CHECK(agent.state() == "missing");
  agent.pass(seconds(40));
  agent.find({"10.0.0.1", "10.0.0.2"});
  CHECK(agent.joining() == all_at({"10.0.0.2"}));
  agent.refused();
  CHECK(agent.error() == "10.0.0.2:7946: refused");
  CHECK(agent.state() == "missing");
}

}  // namespace
}  // namespace gossip::agent::seeds
