#include "swim/probe_order.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "base/text_pool.h"
#include "swim/random_peers.h"

namespace gossip::swim {
namespace {

using members::Index;
using members::SwimState;
using std::chrono::seconds;

constexpr TimePoint kNow{seconds(1000)};

struct Nodes {
  explicit Nodes(int count) {
    for (int i = 0; i < count; ++i) {
      const Index node = table.insert("p" + std::to_string(i)).value();
      table.at(node).state = SwimState::Alive;
      table.at(node).state_since = kNow;
      order.insert(node);
      peers.insert(node);
    }
  }

  std::optional<Index> next(TimePoint now = kNow) { return order.next(now, 0, swept); }

  base::TextPool texts;
  base::Rng rng{{5}};
  members::Table table{texts, 1000, 1};
  ProbeOrder order{table, rng, seconds(30)};
  RandomPeers peers{table, rng};
  std::vector<Index> swept;
};

TEST_CASE(
    "every living node but ourselves has its turn once in a round, in a new order each round") {
  Nodes nodes(20);
  std::set<std::vector<Index>> rounds;
  for (int round = 0; round < 10; ++round) {
    std::vector<Index> turns;
    for (int i = 0; i < 19; ++i) {
      turns.push_back(nodes.next().value());
    }
    CHECK(std::set<Index>(turns.begin(), turns.end()).size() == 19);
    CHECK(std::count(turns.begin(), turns.end(), Index{0}) == 0);
    rounds.insert(turns);
  }
  CHECK(rounds.size() == 10);
}

TEST_CASE("the dead and the left are passed over, suspects are not") {
  Nodes nodes(4);
  nodes.table.at(1).state = SwimState::Dead;
  nodes.table.at(2).state = SwimState::Left;
  nodes.table.at(3).state = SwimState::Suspect;
  int turns = 0;
  for (int i = 0; i < 20; ++i) {
    const std::optional<Index> turn = nodes.next();
    if (!turn) continue;
    CHECK(*turn == 3);
    ++turns;
  }
  CHECK(turns > 5);
  CHECK(nodes.swept.empty());
}

TEST_CASE("the only other node has every turn") {
  Nodes nodes(2);
  for (int i = 0; i < 50; ++i) {
    CHECK(nodes.next() == Index{1});
  }
}

TEST_CASE("alone there is nobody to probe") {
  Nodes nodes(1);
  CHECK_FALSE(nodes.next().has_value());
  CHECK_FALSE(nodes.next().has_value());
}

TEST_CASE("at the end of a round those gone for more than 30 s are forgotten, we ourselves never") {
  Nodes nodes(4);
  nodes.table.at(0).state = SwimState::Left;
  nodes.table.at(1).state = SwimState::Dead;
  nodes.table.at(2).state = SwimState::Left;
  nodes.table.at(3).state = SwimState::Left;
  nodes.table.at(3).state_since = kNow + seconds(1);
  for (int i = 0; i < 4; ++i) {
    CHECK_FALSE(nodes.next(kNow + seconds(30)).has_value());
  }
  CHECK(nodes.swept.empty());
  for (int i = 0; i < 4; ++i) {
    CHECK_FALSE(nodes.next(kNow + seconds(31)).has_value());
  }
  CHECK(std::set<Index>(nodes.swept.begin(), nodes.swept.end()) == std::set<Index>{1, 2});
  CHECK(nodes.order.size() == 2);
  CHECK(nodes.table.at(1).state == SwimState::Absent);
  CHECK(nodes.table.at(3).state == SwimState::Left);
}

TEST_CASE("who left is retired, not forgotten, as long as the cluster knows the member") {
  Nodes nodes(3);
  for (const Index node : {1U, 2U})
    nodes.table.at(node).state = SwimState::Left;
  nodes.table.at(1).status = MemberStatus::Left;
  CHECK_FALSE(nodes.next(kNow + seconds(31)).has_value());
  CHECK(std::set<Index>(nodes.swept.begin(), nodes.swept.end()) == std::set<Index>{1, 2});
  CHECK(nodes.order.size() == 1);
  nodes.peers.remove_swept();
  CHECK(nodes.peers.pick(3, [](Index, const members::Record&) { return true; }).size() == 1);
  CHECK(nodes.table.at(1).retired);
  CHECK(nodes.table.at(1).state == SwimState::Left);
  CHECK_FALSE(nodes.table.at(2).retired);
  CHECK(nodes.table.at(2).state == SwimState::Absent);
}

TEST_CASE("a newcomer has its turn anywhere in the round, not always last") {
  std::set<std::size_t> places;
  for (std::uint8_t seed = 0; seed < 100; ++seed) {
    Nodes nodes(9);
    std::array<std::uint8_t, 32> seeds{};
    seeds.fill(static_cast<std::uint8_t>(seed + 1));
    nodes.rng = base::Rng(seeds);
    const Index last = nodes.table.insert("last").value();
    nodes.table.at(last).state = SwimState::Alive;
    nodes.order.insert(last);
    std::size_t place = 0;
    while (nodes.next() != last)
      ++place;
    places.insert(place);
  }
  CHECK(places.size() >= 8);
}

TEST_CASE("draws are exhaustive: whoever fits is found, in however small a cluster") {
  Nodes nodes(3);
  const auto any = [](Index, const members::Record&) { return true; };
  for (int i = 0; i < 100; ++i) {
    CHECK(nodes.peers.pick(3, any).size() == 3);
    CHECK(nodes.peers.pick(10, any).size() == 3);
    CHECK(nodes.peers.pick(1, [](Index node, const members::Record&) { return node == 2; }) ==
          std::vector<Index>{2});
  }
  CHECK(nodes.peers.pick(0, any).empty());
}

TEST_CASE("draws are uniform and without repetition") {
  Nodes nodes(10);
  std::map<Index, int> count;
  for (int i = 0; i < 10'000; ++i) {
    const auto picked = nodes.peers.pick(3, [](Index, const members::Record&) { return true; });
    REQUIRE(std::set<Index>(picked.begin(), picked.end()).size() == 3);
    for (const Index node : picked)
      ++count[node];
  }
  // Expected 3,000 each, standard deviation 46.
  for (const auto& each : count) {
    CAPTURE(each.first);
    CHECK(each.second > 2770);
    CHECK(each.second < 3230);
  }
}

}  // namespace
}  // namespace gossip::swim
