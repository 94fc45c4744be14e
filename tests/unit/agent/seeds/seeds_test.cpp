#include "agent/seeds/seeds.h"

#include <doctest/doctest.h>

#include "unit/agent/seeds/seeking_agent.h"

namespace gossip::agent::seeds {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("a name is looked up at once, and who is found is joined") {
  Agent agent;
  agent.use({"seed.example"});
  CHECK(agent.take_lookup().spec.target == "seed.example");
  agent.use({"seed.example"});
  CHECK(agent.state() == "looking up");
  agent.seeds.looked_up(agent.now, 1, SeedAnswer{all_at({"10.0.0.1", kOwn}), ""});
  agent.advance();
  CHECK(agent.joining() == all_at({"10.0.0.1"}));
  CHECK(agent.state() == "joining");
  agent.joined({"10.0.0.1"});
  CHECK(agent.state() == "met");
  CHECK(agent.error().empty());
  CHECK(agent.said ==
        std::vector<std::string>{"Join completed. Synced with 1 initial agents (seed.example)"});
}

TEST_CASE("an attempt under way is told with its beginning, and with no time of a next one") {
  Agent agent;
  agent.use({"seed.example"});
  const auto report = [&agent] { return agent.seeds.report(agent.sight).at(0); };
  const TimePoint begun = agent.now;
  agent.now += std::chrono::seconds(3);
  CHECK(report().begun_at == begun);
  CHECK_FALSE(report().next_at);
  agent.find({"10.0.0.1"});
  CHECK(report().begun_at == begun);
  agent.refused();
  CHECK_FALSE(report().begun_at);
  CHECK(report().next_at);
}

TEST_CASE(
    "a whole cluster is left in peace: nobody is joined, and fixed addresses not even looked at") {
  Agent agent;
  agent.use({"10.0.0.1"});
  agent.find({"10.0.0.1"});
  agent.joined({"10.0.0.1"});
  CHECK_FALSE(agent.seeds.next_deadline().has_value());
  Agent named;
  named.use({"seed.example"});
  named.find({"10.0.0.1"});
  named.joined({"10.0.0.1"});
  for (int i = 0; i < 20; ++i) {
    named.pass(minutes(2));
    named.find({"10.0.0.1"});
    CHECK(named.joins.empty());
  }
  Agent never;
  never.use({"seed.example"}, {.refresh = Duration::zero()});
  never.find({"10.0.0.1"});
  never.joined({"10.0.0.1"});
  CHECK_FALSE(never.seeds.next_deadline().has_value());
}

TEST_CASE("what others have joined already is not joined again") {
  Agent agent;
  agent.sight.living = all_at({"10.0.0.1"});
  agent.use({"seed.example"});
  agent.find({"10.0.0.1"});
  CHECK(agent.joins.empty());
  CHECK(agent.state() == "met");
}

TEST_CASE("alone it tries again after 1, 2, 4 … seconds, at most the interval, and never stops") {
  Agent agent;
  agent.use({"seed.example"}, {.interval = seconds(10)});
  for (const int pause : {1, 2, 4, 8, 10, 10, 10}) {
    agent.fail_lookup(ErrorCode::NotFound);
    const Duration wait = *agent.seeds.next_deadline() - agent.now;
    CHECK(wait >= seconds(pause) * 4 / 5);
    CHECK(wait <= seconds(pause) * 6 / 5);
    agent.pass(wait);
  }
  CHECK(agent.state() == "looking up");
}

TEST_CASE("a name that exists only later is found") {
  Agent agent;
  agent.use({"seed.example"});
  agent.fail_lookup(ErrorCode::NotFound);
  CHECK(agent.error() == "no luck");
  CHECK(agent.said.back() == "Join failed, retrying in 1s: seed seed.example: no luck");
  agent.pass(seconds(2));
  agent.find({"10.0.0.1"});
  agent.joined({"10.0.0.1"});
  CHECK(agent.state() == "met");
}

TEST_CASE("each attempt asks anew, and goes to the addresses of the new answer") {
  Agent agent;
  agent.use({"seed.example"});
  agent.find({"10.0.0.1"});
  agent.refused();
  CHECK(agent.error() == "10.0.0.1:7946: refused");
  agent.pass(seconds(2));
  agent.find({"10.0.0.2"});
  CHECK(agent.joining() == all_at({"10.0.0.2"}));
}

TEST_CASE("when nobody can be asked the last answer counts, but not one that was taken back") {
  Agent agent;
  agent.use({"seed.example"});
  agent.find({"10.0.0.1"});
  agent.refused();
  agent.pass(seconds(2));
  agent.fail_lookup(ErrorCode::Unreachable);
  CHECK(agent.joining() == all_at({"10.0.0.1"}));
  agent.refused();
  agent.pass(seconds(5));
  agent.fail_lookup(ErrorCode::NotFound);
  CHECK(agent.joins.empty());
}

TEST_CASE("a name that leads to this agent alone is asked again, an address of ours is not") {
  Agent agent;
  agent.use({"seed.example"});
  agent.find({kOwn});
  CHECK(agent.joins.empty());
  CHECK(agent.error() == "it names this agent alone");
  agent.pass(seconds(2));
  agent.find({kOwn, "10.0.0.1"});
  CHECK(agent.joining() == all_at({"10.0.0.1"}));
  Agent fixed;
  fixed.use({std::string(kOwn)});
  fixed.find({kOwn});
  CHECK(fixed.state() == "only us");
  CHECK_FALSE(fixed.seeds.next_deadline().has_value());
}

TEST_CASE("an answer from ourselves by another way is no member") {
  Agent agent;
  agent.use({"192.0.2.1"});
  agent.find({"192.0.2.1"});
  agent.joined({});
  CHECK(agent.error() ==
        "192.0.2.1:7946 answered, but no other member is there: it is this agent itself");
  agent.pass(seconds(2));
  CHECK(agent.joining() == all_at({"192.0.2.1"}));
}

TEST_CASE("who is reached by another address than its own is met, and not joined for ever") {
  Agent agent;
  agent.use({"192.0.2.1"});
  agent.find({"192.0.2.1"});
  agent.joined({"10.0.0.1"});
  CHECK(agent.state() == "met");
  CHECK_FALSE(agent.seeds.next_deadline().has_value());
  agent.lose({});
  agent.pass(seconds(5));
  CHECK(agent.joining() == all_at({"192.0.2.1"}));
}

TEST_CASE("few addresses are tried at once, and not all in one attempt") {
  Agent agent;
  agent.use({"seed.example"});
  std::vector<Address> many;
  for (int i = 1; i <= 200; ++i)
    many.push_back(at("10.2.0." + std::to_string(i)));
  agent.seeds.looked_up(agent.now, agent.take_lookup().seed, SeedAnswer{many, ""});
  agent.advance();
  std::size_t tried = 0;
  while (!agent.joins.empty()) {
    CHECK(agent.joins.size() <= kMaxJoinsAtOnce);
    tried += agent.joins.size();
    agent.refused();
  }
  CHECK(tried == kMaxTries);
}

TEST_CASE("an address of two seeds is joined once") {
  Agent agent;
  agent.use({"10.0.0.1", "name/10.0.0.1"});
  REQUIRE(agent.lookups.size() == 2);
  for (const LookUp& look : std::exchange(agent.lookups, {}))
    agent.seeds.looked_up(agent.now, look.seed, SeedAnswer{all_at({"10.0.0.1"}), ""});
  agent.advance();
  CHECK(agent.joins.size() == 1);
  agent.joined({"10.0.0.1"});
  CHECK(agent.joins.empty());
  CHECK(agent.seeds.report(agent.sight).at(1).state == "met");
}

TEST_CASE("a retry limit counts attempts while nobody was ever met, as Serf's does") {
  Agent agent;
  agent.use({"10.0.0.1"}, {.interval = seconds(1), .max_retries = 2});
  agent.find({"10.0.0.1"});
  for (int i = 0; i < 2; ++i) {
    agent.refused();
    CHECK_FALSE(agent.gave_up);
    agent.pass(seconds(2));
  }
  agent.refused();
  CHECK(agent.gave_up);
  CHECK(agent.said.back() == "maximum retry join attempts made, exiting");
  CHECK_FALSE(agent.seeds.next_deadline().has_value());

  Agent met;
  met.use({"10.0.0.1"}, {.interval = seconds(1), .max_retries = 1});
  met.find({"10.0.0.1"});
  met.joined({"10.0.0.1"});
  met.lose({});
  for (int i = 0; i < 5; ++i) {
    met.pass(seconds(2));
    met.refused();
  }
  CHECK_FALSE(met.gave_up);
}

TEST_CASE("a complaint that says nothing new is made every ten minutes") {
  Agent agent;
  agent.use({"10.0.0.1"}, {.interval = seconds(10)});
  agent.find({"10.0.0.1"});
  for (int i = 0; i < 70; ++i) {
    agent.refused();
    agent.pass(seconds(10));
  }
  CHECK(agent.said.size() == 2);
}

TEST_CASE("another address that fails for the same reason is nothing new, another reason is") {
  Agent agent;
  agent.use({"seed.example"}, {.interval = seconds(10)});
  for (int i = 0; i < 20; ++i) {
    agent.find({"10.0.0.1", "10.0.0.2", "10.0.0.3"});
    agent.refused();
    agent.pass(seconds(12));
  }
  CHECK(agent.said.size() == 1);
  agent.fail_lookup(ErrorCode::Unreachable);
  agent.refused();
  CHECK(agent.said.size() == 1);
  agent.pass(seconds(12));
  agent.fail_lookup(ErrorCode::NotFound);
  CHECK(agent.said.size() == 2);
}

TEST_CASE("who has complained of a seed says when it is met, whoever has met it") {
  Agent agent;
  agent.use({"seed.example"});
  agent.find({"10.0.0.1"});
  agent.refused();
  REQUIRE(agent.said.size() == 1);
  agent.sight.living = all_at({"10.0.0.1"});
  agent.pass(seconds(2));
  CHECK(agent.said.size() == 2);
  CHECK(agent.said.back() == "seed seed.example: it is met now");
  // Once.
  agent.pass(minutes(5));
  agent.find({"10.0.0.1"});
  CHECK(agent.said.size() == 2);
  // Trouble that comes back is told again.
  agent.sight.living.clear();
  agent.lose({});
  agent.pass(seconds(2));
  agent.find({"10.0.0.1"});
  agent.refused();
  CHECK(agent.said.size() == 3);
  agent.pass(seconds(3));
  agent.find({"10.0.0.1"});
  agent.joined({"10.0.0.1"});
  CHECK(agent.said.back() == "Join completed. Synced with 1 initial agents (seed.example)");
}

TEST_CASE("other seeds by a reload: what stays goes on, what is new begins, what is gone ends") {
  Agent agent;
  agent.use({"a.example", "10.0.0.1"});
  REQUIRE(agent.lookups.size() == 2);
  const SeedId gone = agent.lookups[0].seed;
  const SeedId kept = agent.lookups[1].seed;
  agent.lookups.clear();
  agent.use({"10.0.0.1", "b.example", "b.example"});
  REQUIRE(agent.lookups.size() == 1);
  CHECK(agent.lookups[0].spec.target == "b.example");
  agent.seeds.looked_up(agent.now, gone, SeedAnswer{all_at({"10.0.0.5"}), ""});
  agent.seeds.looked_up(agent.now, kept, SeedAnswer{all_at({"10.0.0.1"}), ""});
  agent.advance();
  CHECK(agent.joining() == all_at({"10.0.0.1"}));
  agent.use({});
  agent.joined({"10.0.0.1"});
  CHECK(agent.seeds.report(agent.sight).empty());
  CHECK_FALSE(agent.seeds.next_deadline().has_value());
}

}  // namespace
}  // namespace gossip::agent::seeds
