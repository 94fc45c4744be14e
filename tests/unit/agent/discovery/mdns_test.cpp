#include "agent/discovery/mdns.h"

#include <string>

#include <doctest/doctest.h>

namespace gossip::agent::discovery {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Address at(const std::string& text) {
  return Address::parse(text, 7946).value();
}

Announcement announced(const std::string& node, const std::string& address) {
  return {"test", node, "vm", at(address)};
}

Bytes answer_of(const std::string& address) {
  const SerfService service(announced("other", address));
  return encode_dns(*service.answer_to(service.question()));
}

// One policy at 10.0.0.1, and what it does.
struct Agent {
  explicit Agent(const std::string& address = "10.0.0.1") : mdns(announced("own", address)) {}

  Mdns mdns;
  TimePoint now{seconds(1000)};
  std::vector<Address> members;
  MdnsEffects effects;

  void pass(Duration time) {
    const TimePoint end = now + time;
    while (mdns.next_deadline() && *mdns.next_deadline() <= end) {
      now = std::max(now, *mdns.next_deadline());
      mdns.advance(now, members, effects);
    }
    now = end;
  }
  void hear(const std::string& address, Arrival arrival = Arrival::Group) {
    mdns.receive(now, arrival, answer_of(address), effects);
  }
  // How many questions were sent since the last call.
  std::size_t questions() {
    std::size_t count = 0;
    for (const MdnsEffect& effect : effects)
      count += std::holds_alternative<Ask>(effect) ? 1U : 0U;
    effects.clear();
    return count;
  }
  // The joins since the last call.
  std::vector<std::vector<Address>> joins() {
    std::vector<std::vector<Address>> joins;
    for (const MdnsEffect& effect : effects) {
      if (const auto* join = std::get_if<JoinFound>(&effect)) joins.push_back(join->addresses);
    }
    effects.clear();
    return joins;
  }
};

using Joins = std::vector<std::vector<Address>>;

TEST_CASE("it asks at the start, once more in case that was lost, then every minute") {
  Agent agent;
  CHECK_FALSE(agent.mdns.next_deadline().has_value());
  agent.mdns.start(agent.now);
  agent.pass(Duration::zero());
  REQUIRE(agent.effects.size() == 1);
  const auto question = decode_dns(std::get<Ask>(agent.effects[0]).packet);
  REQUIRE(question.has_value());
  CHECK(*question == SerfService(announced("own", "10.0.0.1")).question());
  CHECK(agent.questions() == 1);
  agent.pass(milliseconds(999));
  CHECK(agent.questions() == 0);
  agent.pass(milliseconds(1));
  CHECK(agent.questions() == 1);
  agent.pass(seconds(59));
  CHECK(agent.questions() == 0);
  agent.pass(seconds(601));
  CHECK(agent.questions() == 11);
}

TEST_CASE("addresses are collected until none has come for 100 ms, then joined together") {
  Agent agent;
  agent.hear("10.0.0.2");
  agent.pass(milliseconds(99));
  agent.hear("10.0.0.3");
  agent.hear("10.0.0.2");  // again: puts nothing off
  agent.pass(milliseconds(99));
  CHECK(agent.joins().empty());
  agent.pass(milliseconds(1));
  CHECK(agent.joins() == Joins{{at("10.0.0.2"), at("10.0.0.3")}});
}

TEST_CASE("a steady stream of addresses does not put off the join for ever") {
  Agent agent;
  for (int i = 2; i < 32; ++i) {
    agent.hear("10.0.0." + std::to_string(i));
    agent.pass(milliseconds(50));
  }
  const Joins joins = agent.joins();
  REQUIRE(joins.size() == 1);
  CHECK(joins[0].size() == 20);
}

TEST_CASE("we ourselves and places where nobody is are not joined") {
  Agent agent;
  agent.hear("10.0.0.1");
  for (const char* address :
       {"0.0.0.0", "224.0.0.251", "127.0.0.1", "[::]", "[ff02::fb]", "[fe80::1]", "[::1]"})
    agent.hear(std::string(address) + ":7946");
  agent.hear("10.0.0.2:0");
  CHECK(agent.mdns.counters().implausible == 8);
  agent.pass(seconds(10));
  CHECK(agent.joins().empty());
  Agent local("127.0.0.1");
  local.hear("127.0.0.2");
  local.pass(seconds(1));
  CHECK(local.joins() == Joins{{at("127.0.0.2")}});
}

TEST_CASE("living members are not joined, until they are none any more") {
  Agent agent;
  agent.members = {at("10.0.0.2")};
  agent.hear("10.0.0.2");
  agent.pass(seconds(1));
  CHECK(agent.joins().empty());
  agent.members.clear();
  agent.hear("10.0.0.2");
  agent.pass(seconds(1));
  CHECK(agent.joins() == Joins{{at("10.0.0.2")}});
}

TEST_CASE("an address whose join failed is tried again, less and less often") {
  Agent agent;
  std::vector<long> gaps;
  TimePoint last = agent.now;
  // It answers every second.
  for (int second = 0; second < 3000; ++second) {
    agent.hear("10.0.0.2");
    agent.pass(seconds(1));
    if (agent.joins().empty()) continue;
    agent.mdns.joined(agent.now, std::vector{at("10.0.0.2")});
    gaps.push_back(std::chrono::duration_cast<seconds>(agent.now - last).count());
    last = agent.now;
  }
  CHECK(gaps == std::vector<long>{1, 61, 121, 241, 481, 961, 961});
}

TEST_CASE("after a join that worked the failures are forgotten") {
  Agent agent;
  const auto join = [&](std::vector<Address> failed) {
    agent.hear("10.0.0.2");
    agent.pass(seconds(1));
    REQUIRE(agent.joins().size() == 1);
    agent.mdns.joined(agent.now, failed);
  };
  join({at("10.0.0.2")});
  agent.pass(kFirstRest);
  join({});
  agent.pass(kLongestRest - seconds(1));
  agent.hear("10.0.0.2");
  agent.pass(milliseconds(999));
  CHECK(agent.joins().empty());
  agent.pass(milliseconds(1));
  join({at("10.0.0.2")});
  agent.pass(kFirstRest);
  join({});
}

TEST_CASE("one join is under way at a time, of so many addresses") {
  Agent agent;
  for (int i = 2; i < 52; ++i)
    agent.hear("10.0.0." + std::to_string(i));
  agent.pass(seconds(1));
  const Joins first = agent.joins();
  REQUIRE(first.size() == 1);
  CHECK(first[0].size() == kMaxJoinedAtOnce);
  agent.pass(seconds(5));
  CHECK(agent.joins().empty());
  agent.mdns.joined(agent.now, {});
  agent.pass(Duration::zero());
  const Joins second = agent.joins();
  REQUIRE(second.size() == 1);
  CHECK(second[0].size() == 50 - kMaxJoinedAtOnce);
}

TEST_CASE("the table of addresses has an end, and room again when they have rested") {
  Agent agent;
  const auto nth = [](std::size_t i) {
    return "10.1." + std::to_string(i / 256) + "." + std::to_string(i % 256);
  };
  for (std::size_t i = 0; i < kMaxCandidates + 5; ++i)
    agent.hear(nth(i));
  CHECK(agent.mdns.counters().table_full == 5);
  agent.pass(seconds(1));
  for (std::size_t i = 0; i < kMaxCandidates / kMaxJoinedAtOnce; ++i) {
    agent.mdns.joined(agent.now, {});
    agent.pass(Duration::zero());
  }
  CHECK(agent.joins().size() == kMaxCandidates / kMaxJoinedAtOnce);
  agent.pass(kLongestRest);
  agent.hear(nth(kMaxCandidates));
  CHECK(agent.mdns.counters().table_full == 5);
}

TEST_CASE("questions of others are answered where they came from, so many a second") {
  Agent agent;
  const SerfService other(announced("other", "10.0.0.2"));
  const Bytes question = encode_dns(other.question());
  for (int i = 0; i < 1000; ++i)
    agent.mdns.receive(agent.now, Arrival::Group, question, agent.effects);
  CHECK(agent.effects.size() == 200);
  const SerfService own(announced("own", "10.0.0.1"));
  CHECK(std::get<Answer>(agent.effects[0]).packet == encode_dns(*own.answer_to(other.question())));
  CHECK(agent.mdns.counters().rate_limited == 800);
  agent.effects.clear();
  // Not what comes to the port that only we ask from, nor what asks for others.
  agent.now += seconds(10);
  agent.mdns.receive(agent.now, Arrival::Reply, question, agent.effects);
  const SerfService stranger({"else", "other", "vm", at("10.0.0.2")});
  agent.mdns.receive(agent.now, Arrival::Group, encode_dns(stranger.question()), agent.effects);
  CHECK(agent.effects.empty());
}

TEST_CASE("answers to us alone count only for a while after we asked") {
  Agent agent;
  agent.hear("10.0.0.2", Arrival::Reply);
  CHECK(agent.mdns.counters().unsolicited == 1);
  agent.mdns.start(agent.now);
  agent.pass(seconds(4));
  agent.hear("10.0.0.3", Arrival::Reply);
  agent.now += seconds(1);
  agent.hear("10.0.0.4", Arrival::Reply);
  CHECK(agent.mdns.counters().unsolicited == 2);
  agent.pass(seconds(1));
  CHECK(agent.joins() == Joins{{at("10.0.0.3")}});
}

TEST_CASE("packets that are no DNS message, or an odd one, change nothing") {
  Agent agent;
  agent.mdns.receive(agent.now, Arrival::Group, Bytes{1, 2, 3}, agent.effects);
  CHECK(agent.mdns.counters().malformed == 1);
  for (const unsigned flags : {0x8800U, 0x8003U}) {
    Bytes odd = answer_of("10.0.0.2");
    odd[2] = static_cast<std::uint8_t>(flags >> 8);
    odd[3] = static_cast<std::uint8_t>(flags);
    agent.mdns.receive(agent.now, Arrival::Group, odd, agent.effects);
  }
  agent.pass(seconds(1));
  CHECK(agent.effects.empty());
}

TEST_CASE("the report says who answered, whom it led to and what became of that") {
  Agent agent;
  agent.members = {at("10.0.0.1:7946")};  // alone
  const auto report = [&agent] { return agent.mdns.report(agent.now, agent.members); };
  agent.mdns.start(agent.now);
  agent.pass(milliseconds(1));
  CHECK(report().kind == "mdns");
  CHECK(report().state == "looking up");
  CHECK(report().begun_at == TimePoint(seconds(1000)));
  agent.pass(seconds(5));
  CHECK(report().state == "waiting");
  CHECK(report().error == "nobody answers");
  CHECK(report().attempts == 2);
  CHECK(report().next_at.has_value());

  agent.hear("10.0.0.2:7946");
  CHECK(report().state == "joining");
  CHECK(report().answer == std::vector<Address>{at("10.0.0.2:7946")});
  agent.pass(seconds(1));
  CHECK(report().state == "joining");
  const std::vector<Address> failed{at("10.0.0.2:7946")};
  agent.mdns.joined(agent.now, failed, "10.0.0.2:7946: connection refused");
  CHECK(report().state == "waiting");
  CHECK(report().error == "10.0.0.2:7946: connection refused");
  CHECK_FALSE(report().joined_at.has_value());

  agent.members.push_back(at("10.0.0.3:7946"));
  CHECK(report().state == "missing");
  agent.members = {at("10.0.0.1:7946"), at("10.0.0.2:7946")};
  CHECK(report().state == "met");
  CHECK(report().error.empty());
  agent.hear("10.0.0.9:7946");  // reached, and a member under another address
  agent.pass(seconds(1));
  agent.mdns.joined(agent.now, {});
  CHECK(report().state == "met");
  CHECK(report().joins == 1);
  CHECK(report().joined_at == agent.now);
  agent.pass(kShownFor + seconds(1));
  CHECK(report().answer.empty());
  CHECK(report().state == "only us");
  CHECK(report().error == "nobody answers");
}

TEST_CASE("who was a member when it answered and has left since is not missing") {
  Agent agent;
  agent.members = {at("10.0.0.1:7946"), at("10.0.0.2:7946"), at("10.0.0.3:7946")};
  agent.mdns.start(agent.now);
  agent.hear("10.0.0.2:7946");
  agent.hear("10.0.0.3:7946");
  agent.pass(seconds(1));
  agent.members.pop_back();
  CHECK(agent.mdns.report(agent.now, agent.members).state == "met");
}

}  // namespace
}  // namespace gossip::agent::discovery
