#include "agent/system/interface.h"

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

TEST_CASE("an interface gives its address to bind to, with the port that was asked for") {
  CHECK(bind_on_interface("lo", "0.0.0.0").value() == "127.0.0.1:7946");
  CHECK(bind_on_interface("lo", "0.0.0.0:0").value() == "127.0.0.1:0");
}

TEST_CASE("an interface is checked for the bind address") {
  CHECK(bind_on_interface("lo", "127.0.0.1:7000").value() == "127.0.0.1:7000");
  CHECK(bind_on_interface("lo", "192.0.2.1").error().message ==
        "interface \"lo\" has no address 192.0.2.1");
  CHECK(bind_on_interface("nosuch0", "0.0.0.0").error().message ==
        "there is no network interface \"nosuch0\"");
  CHECK_FALSE(bind_on_interface("lo", "some.host").has_value());
}

}  // namespace
}  // namespace gossip::agent
