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

TEST_CASE("of many addresses the first ten are shown, and all in JSON") {
  rpc::SeedStatus many = seed();
  many.answer.clear();
  for (int i = 0; i < 1024; ++i)
    many.answer.push_back("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256) + ":1");
  const std::string text = format_seeds({many}, Format::Text);
  CHECK(text.find(" 10.0.0.9:1 … and 1,014 more\n") != std::string::npos);
  CHECK(text.find("10.0.0.10:1") == std::string::npos);
  CHECK(format_seeds({many}, Format::Json).find("\"10.0.3.255:1\"") != std::string::npos);
  many.answer.resize(11);
  CHECK(format_seeds({many}, Format::Text).find(" 10.0.0.9:1 … and 1 more\n") != std::string::npos);
  many.answer.resize(10);
  CHECK(format_seeds({many}, Format::Text).find(" 10.0.0.9:1\n") != std::string::npos);
}

TEST_CASE("while a seed is looked up or joined, next is what is under way and since when") {
  rpc::SeedStatus busy = seed();
  busy.state = "looking up";
  busy.next_ms.reset();
  busy.since_ms = 3400;
  CHECK(format_seeds({busy}, Format::Text).find("\tnext = looking up since 3s\n") !=
        std::string::npos);
  CHECK(format_seeds({busy}, Format::Json).find("\"under_way_ms\": 3400") != std::string::npos);
  CHECK(format_seeds({seed()}, Format::Json).find("under_way_ms") == std::string::npos);
}

TEST_CASE("as JSON times that are not known are left out") {
  const std::string text = format_seeds({seed()}, Format::Json);
  CHECK(text.find("\"looked_up_ms_ago\": 61999") != std::string::npos);
  CHECK(text.find("joined_ms_ago") == std::string::npos);
  CHECK(format_seeds({}, Format::Json) == "{\n  \"seeds\": []\n}\n");
}

}  // namespace
}  // namespace gossip::cli
