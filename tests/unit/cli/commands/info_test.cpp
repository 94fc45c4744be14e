#include "cli/commands/info.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

rpc::SeedStatus seed() {
  rpc::SeedStatus status;
  status.seed = "dns+a.example";
  status.kind = "name";
  status.state = "missing";
  status.answer = {"10.0.0.1:7946", "10.0.0.2:7946"};
  status.error = "10.0.0.2:7946: refused\x1b";
  status.attempts = 3;
  status.joins = 1;
  status.looked_up_ms = 61999;
  status.next_ms = 30000;
  return status;
}

TEST_CASE("each seed stands with its answer, its error and its times") {
  CHECK(format_seeds({}, Format::Text) == "This agent has no seeds.\n");
  CHECK(format_seeds({seed()}, Format::Text) ==
        "dns+a.example:\n\tkind = name\n\tstate = missing\n"
        "\tanswer = 10.0.0.1:7946 10.0.0.2:7946\n\tlooked_up = 1m1s ago\n\tjoined = never\n"
        "\tnext = in 30s\n\tattempts = 3\n\tjoins = 1\n"
        "\terror = 10.0.0.2:7946: refused\\x1b\n");
  rpc::SeedStatus met = seed();
  met.next_ms.reset();
  CHECK(format_seeds({met}, Format::Text).find("next = when a member is lost") !=
        std::string::npos);
}

TEST_CASE("as JSON times that are not known are left out") {
  const std::string text = format_seeds({seed()}, Format::Json);
  CHECK(text.find("\"looked_up_ms_ago\": 61999") != std::string::npos);
  CHECK(text.find("joined_ms_ago") == std::string::npos);
  CHECK(format_seeds({}, Format::Json) == "{\n  \"seeds\": []\n}\n");
}

}  // namespace
}  // namespace gossip::cli
