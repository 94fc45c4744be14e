#include "sim/links.h"

#include <doctest/doctest.h>

#include "sim/chance.h"

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

class Wire {
 public:
  // How many of 1,000 datagrams of `size` bytes arrive, copies included.
  std::size_t arrive(HostId from, HostId to, std::size_t size = 100) {
    arrivals.clear();
    for (int i = 0; i < 1000; ++i)
      links.carry(from, to, Bytes(size, 0x61), arrivals);
    return arrivals.size();
  }

  Links links{3, chance(1, Purpose::Network)};
  std::vector<Arrival> arrivals;
};

TEST_CASE("a good link carries everything as it is, after its delay") {
  Wire wire;
  CHECK(wire.links.is_clean());
  CHECK(wire.arrive(0, 1) == 1000);
  CHECK(wire.arrivals[0].after == LinkQuality{}.delay);
  CHECK(wire.arrivals[0].datagram == Bytes(100, 0x61));
}

TEST_CASE("links lose, repeat, damage and delay as often as they are told") {
  Wire wire;
  LinkQuality quality;
  SUBCASE("loss") {
    quality.loss = 0.3;
    wire.links.set_quality(quality);
    const std::size_t arrived = wire.arrive(0, 1);
    CHECK(arrived > 640);
    CHECK(arrived < 760);
  }
  SUBCASE("duplicate") {
    quality.duplicate = 0.3;
    wire.links.set_quality(quality);
    CHECK(wire.arrive(0, 1) > 1240);
    return;  // to nobody's harm
  }
  SUBCASE("corrupt") {
    quality.corrupt = 0.3;
    wire.links.set_quality(quality);
    CHECK(wire.arrive(0, 1) == 1000);
    std::size_t damaged = 0;
    for (const Arrival& arrival : wire.arrivals)
      damaged += arrival.datagram == Bytes(100, 0x61) ? 0 : 1;
    CHECK(damaged > 240);
    CHECK(damaged < 360);
  }
  SUBCASE("late") {
    quality.late = 0.3;
    wire.links.set_quality(quality);
    CHECK(wire.arrive(0, 1) == 1000);
    std::size_t late = 0;
    for (const Arrival& arrival : wire.arrivals)
      late += arrival.after > quality.delay ? 1 : 0;
    CHECK(late > 240);
    CHECK(late < 360);
  }
  CHECK_FALSE(wire.links.is_clean());
  wire.links.heal();
  CHECK(wire.links.is_clean());
}

TEST_CASE("an interface harms its own host alone, in the direction that it says") {
  Wire wire;
  wire.links.interface(0).egress_loss = 1;
  CHECK(wire.arrive(0, 1) == 0);
  CHECK(wire.arrive(1, 0) == 1000);
  CHECK(wire.arrive(1, 2) == 1000);
  wire.links.interface(0) = {.max_datagram = 99};
  CHECK(wire.arrive(0, 1, 99) == 1000);
  CHECK(wire.arrive(0, 1, 100) == 0);
  CHECK(wire.arrive(1, 0, 100) == 0);
}

TEST_CASE("a cut parts two sides, both ways or one, until it is mended") {
  Wire wire;
  const std::vector<bool> side = {true, false, false};
  const Links::CutId both = wire.links.cut(side, CutDirection::Both);
  const Links::CutId one = wire.links.cut(side, CutDirection::FromFirst);
  CHECK_FALSE(wire.links.is_connected(0, 1));
  CHECK_FALSE(wire.links.is_connected(1, 0));
  CHECK(wire.links.is_connected(1, 2));
  wire.links.mend(both);
  CHECK_FALSE(wire.links.is_connected(0, 1));
  CHECK(wire.links.is_connected(1, 0));
  CHECK_FALSE(wire.links.carry_segment(0, 1));
  CHECK(wire.links.carry_segment(1, 0));
  wire.links.mend(one);
  CHECK(wire.links.is_clean());
}

}  // namespace
}  // namespace gossip::sim
