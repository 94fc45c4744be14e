#include "cli/commands/reachability.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

ReachabilityResult result(std::vector<std::string> live, std::vector<std::string> acks) {
  ReachabilityResult made;
  made.member_count = 5;
  made.live = std::move(live);
  made.acks = std::move(acks);
  return made;
}

TEST_CASE("the verdict names who is missing, and who should not have answered") {
  CHECK(format_verdict(result({"a", "b"}, {"b", "a"})) ==
        "Successfully contacted all live nodes\n");
  CHECK(
      format_verdict(result({"a", "b\x1b"}, {"a"}))
          .starts_with("Received less acks than live nodes! Missing acks from:\n\tb\\x1b\nThese"));
  CHECK(format_verdict(result({"a"}, {"a", "c"}))
            .starts_with(
                "Received more acks than live nodes! Acks from non-live nodes:\n\tc\nThese"));
}

TEST_CASE("reachability in JSON") {
  CHECK(format_reachability_json(result({"a", "b"}, {"a", "c"})) ==
        "{\n  \"members\": 5,\n  \"live\": 2,\n  \"acks\": [\n    \"a\",\n    \"c\"\n  ],\n"
        "  \"missing\": [\n    \"b\"\n  ],\n  \"unexpected\": [\n    \"c\"\n  ]\n}\n");
}

}  // namespace
}  // namespace gossip::cli
