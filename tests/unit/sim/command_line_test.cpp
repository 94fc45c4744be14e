#include "sim/command_line.h"

#include <doctest/doctest.h>

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

std::string error_of(const std::vector<std::string>& args) {
  const Expected<Request> request = parse_command_line(args);
  return request ? "" : request.error().message;
}

TEST_CASE("one world is what the flags say") {
  const Expected<Request> request = parse_command_line(
      {"--nodes", "40", "--seed=9", "-for", "1h30m", "--faults", "loss,crash", "--trace"});
  REQUIRE(request);
  CHECK(request->task == Task::One);
  CHECK(request->scenario.nodes == 40);
  CHECK(request->scenario.seed == 9);
  CHECK(request->scenario.length == 90min);
  CHECK(request->scenario.faults.to_string() == "loss,crash");
  CHECK(request->trace);
  CHECK(command_for(request->scenario) ==
        "gossip-sim --nodes 40 --seed 9 --for 1h30m0s --faults loss,crash");
}

TEST_CASE("some of the nodes may follow Serf's rules, but no more than there are") {
  const Expected<Request> request = parse_command_line({"--nodes", "6", "--serf-like", "3"});
  REQUIRE(request);
  CHECK(request->scenario.serf_like == 3);
  CHECK(command_for(request->scenario) ==
        "gossip-sim --nodes 6 --serf-like 3 --seed 1 --for 10m0s --faults none");
  CHECK(describe_settings(request->scenario) == "3 nodes by Serf's rules");
  CHECK(error_of({"--nodes", "4", "--serf-like", "5"}) ==
        "--serf-like 5 is more than there are: --nodes 4");
  CHECK(error_of({"--serf-like", "half"}) ==
        "--serf-like is a number from 0 to 20000, not \"half\"");
  CHECK(error_of({"swarm", "--seconds", "1", "--serf-like", "1"}) ==
        "--serf-like does not go with swarm");
}

TEST_CASE("a drawn world is replayed by its seed") {
  const Expected<Request> request = parse_command_line({"replay", "12"});
  REQUIRE(request);
  CHECK(request->task == Task::Replay);
  CHECK(command_for(request->scenario) == "gossip-sim replay 12");
  CHECK(request->scenario.nodes == draw_scenario(12).nodes);
}

TEST_CASE("a swarm has its time and perhaps its first seed") {
  const Expected<Request> request = parse_command_line({"swarm", "--seconds", "3"});
  REQUIRE(request);
  CHECK(request->length == 3s);
  CHECK_FALSE(request->seed.has_value());
  CHECK(parse_command_line({"swarm", "--seconds", "3", "--seed", "4"})->seed == 4);
}

TEST_CASE("help is asked for in three ways") {
  for (const char* const word : {"--help", "-help", "-h"}) {
    const Expected<Request> request = parse_command_line({"swarm", word});
    REQUIRE(request);
    CHECK(request->task == Task::Help);
  }
}

TEST_CASE("what is wrong is said, with what would be right") {
  CHECK(error_of({"--nodes", "0"}) == "--nodes is a number from 1 to 20000, not \"0\"");
  CHECK(error_of({"--nodse", "3"}) == "there is no flag --nodse, did you mean --nodes?");
  CHECK(error_of({"--nodes"}) == "--nodes wants a value");
  CHECK(error_of({"--for", "soon"}) ==
        "--for is a time such as 90s or 1h30m, above 0 and at most 720h0m0s, not \"soon\"");
  CHECK(error_of({"--faults", "los"}) == "there is no fault \"los\", did you mean loss?");
  CHECK(error_of({"--format", "xml"}) == "--format is text or json, not \"xml\"");
  CHECK(error_of({"swarm"}) == "swarm wants --seconds: for how long?");
  CHECK(error_of({"swarm", "--seconds", "1", "--nodes", "3"}) == "--nodes does not go with swarm");
  CHECK(error_of({"replay"}) == "replay wants a seed");
  CHECK(error_of({"replay", "x"}).starts_with("the seed is a number from 0"));
  CHECK(error_of({"replay", "1", "2"}) == "unexpected argument \"2\"");
  CHECK(error_of({"reply", "1"}) ==
        "there is no command \"reply\"; there are swarm, replay and seeds, did you mean replay?");
}

TEST_CASE("sets of faults are written as they are read") {
  for (const char* text : {"none", "all", "loss", "partition,crash,tcp-cut"}) {
    CHECK(FaultSet::parse(text)->to_string() == text);
  }
  CHECK(FaultSet::parse("all,loss").error().message == "\"all\" stands alone");
  CHECK(FaultSet::parse("loss,none").error().message == "\"none\" stands alone");
}

}  // namespace
}  // namespace gossip::sim
