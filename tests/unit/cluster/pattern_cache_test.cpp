#include "cluster/pattern_cache.h"

#include <string>

#include <doctest/doctest.h>

namespace gossip::cluster {
namespace {

TEST_CASE("a pattern is compiled once, one that is refused is not kept") {
  PatternCache patterns;
  const auto first = patterns.find("we[b]");
  REQUIRE(first.has_value());
  CHECK(patterns.find("we[b]").value() == *first);
  CHECK(patterns.find("web").value() != *first);
  CHECK(patterns.find("we(b").error() == "missing ): we(b");
  CHECK(patterns.size() == 2);
}

TEST_CASE("of too many patterns the one that has not been asked for longest goes") {
  PatternCache patterns;
  const auto* const first = patterns.find("p0").value();
  for (std::size_t i = 1; i < PatternCache::kMaxKept; ++i)
    CHECK(patterns.find("p" + std::to_string(i)).has_value());
  CHECK(patterns.find("p0").value() == first);
  CHECK(patterns.find("another").has_value());
  CHECK(patterns.size() == PatternCache::kMaxKept);
  CHECK(patterns.find("p0").value() == first);
}

}  // namespace
}  // namespace gossip::cluster
