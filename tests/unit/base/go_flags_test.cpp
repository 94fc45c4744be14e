#include "base/go_flags.h"

#include <doctest/doctest.h>

namespace gossip::base {
namespace {

using Args = std::vector<std::string>;

Args normalised(const Args& args) {
  constexpr FlagName kKnown[] = {{"node", FlagKind::Value},    {"rpc-addr", FlagKind::Value},
                                 {"replay", FlagKind::Switch}, {"tag", FlagKind::Value},
                                 {"q", FlagKind::Switch},      {"v", FlagKind::Switch},
                                 {"n", FlagKind::Value}};
  return normalise_flags(args, kKnown);
}

TEST_CASE("one dash or two, with = or a value after, are the same flag") {
  CHECK(normalised({"-node=x"}) == Args{"--node", "x"});
  CHECK(normalised({"--node=x"}) == Args{"--node", "x"});
  CHECK(normalised({"-node", "x"}) == Args{"--node", "x"});
  CHECK(normalised({"--node", "x"}) == Args{"--node", "x"});
  CHECK(normalised({"-rpc-addr", "127.0.0.1:7373", "rest"}) ==
        Args{"--rpc-addr", "127.0.0.1:7373", "rest"});
}

TEST_CASE("a value is taken whatever it looks like") {
  CHECK(normalised({"-tag", "-replay"}) == Args{"--tag", "-replay"});
  CHECK(normalised({"-tag", "--"}) == Args{"--tag", "--"});
  CHECK(normalised({"-tag="}) == Args{"--tag", ""});
  CHECK(normalised({"-tag=a=b"}) == Args{"--tag", "a=b"});
  CHECK(normalised({"-tag"}) == Args{"--tag"});
}

TEST_CASE("a switch takes a value only after =, in Go's truth values") {
  CHECK(normalised({"-replay", "false"}) == Args{"--replay", "false"});
  CHECK(normalised({"-replay=F"}) == Args{"--replay=false"});
  CHECK(normalised({"--replay=1"}) == Args{"--replay=true"});
  CHECK(normalised({"-replay=maybe"}) == Args{"--replay=maybe"});
}

TEST_CASE("one-letter flags, numbers and positional arguments stay") {
  CHECK(normalised({"-q", "-qv", "-n", "3", "-", "-5", "name"}) ==
        Args{"-q", "-qv", "-n", "3", "-", "-5", "name"});
}

TEST_CASE("an unknown long flag is shown whole to the parser") {
  CHECK(normalised({"-nonsense"}) == Args{"--nonsense"});
  CHECK(normalised({"-nonsense=3", "x"}) == Args{"--nonsense=3", "x"});
  CHECK(normalised({"--nonsense"}) == Args{"--nonsense"});
}

TEST_CASE("what follows two dashes is data") {
  CHECK(normalised({"--", "-node=x", "-q"}) == Args{"--", "-node=x", "-q"});
}

}  // namespace
}  // namespace gossip::base
