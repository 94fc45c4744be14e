#include "coordinate/client.h"

#include <array>
#include <bit>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "coordinate/coordinate.h"
#include "unit/wire/codec_vectors.h"

namespace gossip::coordinate {
namespace {

using wire::test::Json;
using wire::test::load_vectors;
using Outcome = Client::Outcome;
using std::chrono::milliseconds;
using std::chrono::seconds;

base::Rng any_rng() {
  return base::Rng({1, 2, 3});
}

double from_bits(const Json& bits) {
  return std::bit_cast<double>(
      static_cast<std::uint64_t>(std::stoull(bits.get<std::string>(), nullptr, 16)));
}

// Of eight dimensions; another number is nothing that a Coordinate can hold.
Coordinate coordinate_of(const Json& vector) {
  Coordinate coordinate{.error = from_bits(vector["error_bits"]),
                        .adjustment = from_bits(vector["adjustment_bits"]),
                        .height = from_bits(vector["height_bits"])};
  for (std::size_t i = 0; i < coordinate.vec.size(); ++i)
    coordinate.vec[i] = from_bits(vector["vec_bits"].at(i));
  return coordinate;
}

using Bits = std::array<std::uint64_t, kCoordinateDimensions + 3>;

Bits bits_of(const Coordinate& coordinate) {
  Bits bits{std::bit_cast<std::uint64_t>(coordinate.error),
            std::bit_cast<std::uint64_t>(coordinate.adjustment),
            std::bit_cast<std::uint64_t>(coordinate.height)};
  for (std::size_t i = 0; i < coordinate.vec.size(); ++i)
    bits[3 + i] = std::bit_cast<std::uint64_t>(coordinate.vec[i]);
  return bits;
}

// A client that stands at `start`: there is no other way there than the one Serf's has gone.
struct Walk {
  Client client{any_rng()};
  std::map<std::string, LatencyFilter> filters;

  Outcome observe(const Json& step) {
    return client.observe(coordinate_of(step["other"]),
                          Duration(step["rtt_ns"].get<std::int64_t>()),
                          filters[step.value("node", "node")]);
  }
};

TEST_CASE("the same observations as Serf's give the same coordinate, to the last bit") {
  const Json vectors = load_vectors("coordinates.json");
  for (const char* name : {"trace_lan", "trace_wan"}) {
    CAPTURE(name);
    const Json& trace = vectors[name];
    REQUIRE(trace.size() == 61);
    Walk walk;
    CHECK(bits_of(walk.client.coordinate()) == bits_of(coordinate_of(trace[0]["coordinate"])));
    for (std::size_t i = 1; i < trace.size(); ++i) {
      const Json& step = trace[i];
      CAPTURE(i);
      CHECK(estimated_round_trip(walk.client.coordinate(), coordinate_of(step["other"])).count() ==
            step["distance_before_ns"].get<std::int64_t>());
      CHECK(walk.observe(step) == Outcome::Moved);
      REQUIRE(bits_of(walk.client.coordinate()) == bits_of(coordinate_of(step["coordinate"])));
    }
  }
}

TEST_CASE("a client that starts elsewhere goes Serf's way from there") {
  const Json trace = load_vectors("coordinates.json")["trace_far_start"];
  REQUIRE(trace.size() == 41);
  Walk walk{.client = Client(any_rng(), coordinate_of(trace[0]["coordinate"])), .filters = {}};
  for (std::size_t i = 1; i < trace.size(); ++i) {
    CAPTURE(i);
    CHECK(walk.observe(trace[i]) == Outcome::Moved);
    REQUIRE(bits_of(walk.client.coordinate()) == bits_of(coordinate_of(trace[i]["coordinate"])));
  }
}

TEST_CASE("odd observations are refused, taken or end in a reset, as Serf does it") {
  std::size_t refused = 0;
  std::size_t reset = 0;
  const Json updates = load_vectors("coordinates.json")["single_updates_from_origin"];
  REQUIRE(updates.size() == 10);
  for (const Json& vector : updates) {
    CAPTURE(vector["name"].get<std::string>());
    if (vector["other"]["vec_bits"].size() != kCoordinateDimensions) continue;
    Walk walk;
    const Outcome outcome = walk.observe(vector);
    CHECK((outcome == Outcome::Refused) == vector.contains("error"));
    CHECK((outcome == Outcome::Reset) == (vector["resets"].get<int>() == 1));
    refused += outcome == Outcome::Refused ? 1 : 0;
    reset += outcome == Outcome::Reset ? 1 : 0;
    const Coordinate expected =
        vector.contains("error") ? Coordinate{} : coordinate_of(vector["coordinate"]);
    CHECK(bits_of(walk.client.coordinate()) == bits_of(expected));
  }
  CHECK(refused == 4);
  CHECK(reset == 1);
}

TEST_CASE("distances are Serf's, to the nanosecond") {
  const Json distances = load_vectors("coordinates.json")["distances"];
  REQUIRE(distances.size() == 20);
  for (const Json& vector : distances) {
    const Coordinate a = coordinate_of(vector["a"]);
    const Coordinate b = coordinate_of(vector["b"]);
    CHECK(estimated_round_trip(a, b).count() == vector["distance_ns"].get<std::int64_t>());
    CHECK(estimated_round_trip(b, a) == estimated_round_trip(a, b));
  }
}

TEST_CASE("two on one spot part in a direction of chance, the same for the same seed") {
  const auto parted = [](std::uint8_t seed) {
    Client client(base::Rng({seed, 2, 3}));
    LatencyFilter filter;
    CHECK(client.observe(Coordinate{}, milliseconds(10), filter) == Outcome::Moved);
    return client.coordinate();
  };
  CHECK(parted(1) == parted(1));
  CHECK_FALSE(parted(1) == parted(2));
  // A quarter of the surprise, shared by two that know nothing: 10 ms less what the heights make up.
  CHECK(raw_distance(parted(1), Coordinate{}) == doctest::Approx(0.00127).epsilon(0.01));
}

TEST_CASE("the median of three rides out one slow answer") {
  LatencyFilter filter;
  CHECK(filter.add(0.010) == 0.010);
  CHECK(filter.add(0.900) == 0.900);
  CHECK(filter.add(0.011) == 0.011);
  CHECK(filter.add(0.012) == 0.012);
  CHECK(filter.add(0.013) == 0.012);
  CHECK(filter.add(0.001) == 0.012);
}

TEST_CASE("a reset keeps the window of the adjustment") {
  Client client(any_rng());
  LatencyFilter near;
  Coordinate somewhere;
  somewhere.vec[0] = 0.01;
  CHECK(client.observe(somewhere, seconds(1), near) == Outcome::Moved);
  Coordinate beyond;
  beyond.vec[0] = std::numeric_limits<double>::max();
  LatencyFilter far;
  CHECK(client.observe(beyond, seconds(1), far) == Outcome::Reset);
  CHECK(client.coordinate() == Coordinate{});
}

// Each observes its neighbours until the estimates fit: the property that all the figures are for.
TEST_CASE("estimates come close to the true round trips") {
  constexpr std::size_t kNodes = 10;
  const auto truth = [](std::size_t a, std::size_t b) {
    return milliseconds(a == b ? 0 : 10 * (a > b ? a - b : b - a));
  };
  std::vector<Client> clients;
  for (std::uint8_t i = 0; i < kNodes; ++i)
    clients.emplace_back(base::Rng({i, 7}));
  std::array<std::array<LatencyFilter, kNodes>, kNodes> filters;
  base::Rng rng({9, 9});
  for (int round = 0; round < 1000; ++round) {
    for (std::size_t i = 0; i < kNodes; ++i) {
      const auto j = static_cast<std::size_t>(rng.uniform(kNodes));
      if (i == j) continue;
      const Coordinate other = clients[j].coordinate();
      CHECK(clients[i].observe(other, truth(i, j), filters[i][j]) == Outcome::Moved);
    }
  }
  double worst = 0;
  double sum = 0;
  int pairs = 0;
  for (std::size_t i = 0; i < kNodes; ++i) {
    for (std::size_t j = i + 1; j < kNodes; ++j) {
      const Duration estimate =
          estimated_round_trip(clients[i].coordinate(), clients[j].coordinate());
      const double error = std::abs(in_seconds(estimate) / in_seconds(Duration(truth(i, j))) - 1.0);
      worst = std::max(worst, error);
      sum += error;
      ++pairs;
    }
  }
  CHECK(sum / pairs < 0.01);
  CHECK(worst < 0.05);
}

}  // namespace
}  // namespace gossip::coordinate
