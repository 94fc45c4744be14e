#include "sim/convergence.h"

#include <doctest/doctest.h>

#include "unit/sim/invariants/made_up.h"

namespace gossip::sim {
namespace {

using made_up::alive;
using made_up::row;
using members::SwimState;

struct Three {
  Three() {
    truth.hosts.assign(3, Fact{.runs = true});
    truth.hosts[2].runs = false;
    for (HostId host = 0; host < 2; ++host) {
      views.push_back({host, {alive(0), alive(1), row(2, SwimState::Dead, MemberStatus::Failed)}});
    }
  }
  Truth truth;
  std::vector<View> views;
};

TEST_CASE("equal and true views differ in nothing") {
  const Three three;
  CHECK_FALSE(difference(three.views, three.truth));
}

TEST_CASE("what one process sees wrongly is found") {
  Three three;
  Row& seen = three.views[1].rows[0];
  SUBCASE("failed") {
    seen = row(0, SwimState::Dead, MemberStatus::Failed);
    CHECK(difference(three.views, three.truth) == "n1 sees n0, which runs, as failed");
  }
  SUBCASE("suspect") {
    seen.state = SwimState::Suspect;
    CHECK(difference(three.views, three.truth) == "n1 sees n0, which runs, as alive and suspect");
  }
  SUBCASE("not at all") {
    seen.member = 2;
    CHECK(difference(three.views, three.truth) == "n1 sees n0, which runs, not at all");
  }
  SUBCASE("elsewhere") {
    seen.address.port = 1;
    CHECK(difference(three.views, three.truth));
  }
  SUBCASE("other tags") {
    seen.meta = "old";
    CHECK(difference(three.views, three.truth) ==
          "n1 sees n0, which runs, with other tags than it has");
  }
}

TEST_CASE("one that is gone is found where it is alive or told differently") {
  Three three;
  Row& seen = three.views[1].rows[2];
  SUBCASE("alive") {
    seen = alive(2);
    CHECK(difference(three.views, three.truth) == "n1 sees n2, which is gone, as alive");
  }
  SUBCASE("left") {
    seen = row(2, SwimState::Dead, MemberStatus::Left);
    CHECK(difference(three.views, three.truth) == "n1 sees n2 as left, n0 as failed");
  }
  SUBCASE("forgotten") {
    seen = row(2, SwimState::Dead, MemberStatus::None);
    CHECK_FALSE(difference(three.views, three.truth));
  }
}

}  // namespace
}  // namespace gossip::sim
