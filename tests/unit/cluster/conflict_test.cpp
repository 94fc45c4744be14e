#include "cluster/conflict.h"

#include <chrono>

#include <doctest/doctest.h>

#include "unit/cluster/scene.h"

namespace gossip::cluster {
namespace {

const Address kOther{IpAddress::v4({192, 0, 2, 77}), 7000};

TEST_CASE("another's name that two claim is a warning, once a minute") {
  Scene scene;
  const members::Index q = scene.join("q");
  scene.logged();
  scene.cluster.node_conflict(scene.now, q, kOther, scene.out);
  CHECK(scene.logged() == Lines{"error memberlist: Conflicting address for q. Mine: 192.0.2.2:7946 "
                                "Theirs: 192.0.2.77:7000 Old state: alive",
                                "warn serf: Name conflict for 'q' both 192.0.2.2:7946 and "
                                "192.0.2.77:7000 are claiming"});
  scene.now += std::chrono::seconds(59);
  scene.cluster.node_conflict(scene.now, q, kOther, scene.out);
  CHECK(scene.logged().empty());
  scene.now += std::chrono::seconds(1);
  scene.cluster.node_conflict(scene.now, q, kOther, scene.out);
  CHECK(scene.logged().size() == 2);
}

TEST_CASE("our own name that another claims is an error") {
  Scene scene;
  scene.cluster.node_conflict(scene.now, scene.table.find("me").value(), kOther, scene.out);
  CHECK(scene.logged() ==
        Lines{"error memberlist: Conflicting address for me. Mine: 192.0.2.1:7946 "
              "Theirs: 192.0.2.77:7000 Old state: alive",
              "error serf: Node name conflicts with another node at 192.0.2.77:7000. "
              "Names must be unique! (Resolution enabled: false)"});
}

}  // namespace
}  // namespace gossip::cluster
