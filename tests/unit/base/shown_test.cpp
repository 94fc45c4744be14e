#include "base/shown.h"

#include <doctest/doctest.h>

namespace gossip::base {

TEST_CASE("what a peer says is printable, and bounded") {
  CHECK(shown("node 1, (ok)") == "node 1, (ok)");
  CHECK(shown("a\x1b[2J\n\"\\\x7f\xc3") == R"(a\x1b[2J\x0a\"\\\x7f\xc3)");
  CHECK(shown(std::string(128, 'x')) == std::string(128, 'x'));
  CHECK(shown(std::string(1'000'000, 'x')) == std::string(128, 'x') + "...");
}

}  // namespace gossip::base
