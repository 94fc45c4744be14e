#include "cluster/query_filter.h"

#include <string>

#include <doctest/doctest.h>

#include "wire/cluster_codec.h"

namespace gossip::cluster {
namespace {

// Of all these tests: filters hold on to it.
PatternCache& patterns() {
  static PatternCache cache;
  return cache;
}

std::optional<QueryFilter> read(const std::vector<Bytes>& filters) {
  return QueryFilter::read({filters.begin(), filters.end()}, patterns());
}

Expected<QueryFilter> make(const std::vector<std::string>& nodes, const Tags& tags) {
  return QueryFilter::make(nodes, tags, patterns());
}

Bytes pattern(std::string_view tag, std::string_view expression) {
  return wire::encode(wire::TagFilter{tag, expression});
}

TEST_CASE("no filter asks everybody") {
  const QueryFilter all = make({}, {}).value();
  CHECK(all.matches("a", {}));
  CHECK_FALSE(all.has_patterns());
  CHECK(read({}).value().matches("a", {{"role", "web"}}));
}

TEST_CASE("names are compared, patterns are found anywhere in a tag's value, all must match") {
  const QueryFilter filter = make({"b", "a"}, {{"dc", "^ea"}, {"role", "we"}}).value();
  const Tags fits{{"role", "western"}, {"dc", "east"}};
  CHECK(filter.matches("a", fits));
  CHECK(filter.matches("b", fits));
  CHECK_FALSE(filter.matches("aa", fits));
  CHECK_FALSE(filter.matches("a", {{"role", "western"}, {"dc", "least"}}));
  CHECK_FALSE(filter.matches("a", {{"role", "db"}, {"dc", "east"}}));
  CHECK_FALSE(filter.matches("a", {{"role", "WEB"}, {"dc", "east"}}));
}

TEST_CASE("an absent tag is an empty one") {
  CHECK(make({}, {{"port", "^$"}}).value().matches("a", {}));
  CHECK(make({}, {{"port", ""}}).value().matches("a", {{"port", "80"}}));
  CHECK_FALSE(make({}, {{"port", ".+"}}).value().matches("a", {}));
}

TEST_CASE("what is encoded comes back, names first") {
  const std::vector<Bytes> filters = encode_filters({"a"}, {{"dc", "east"}, {"role", "web"}});
  REQUIRE(filters.size() == 3);
  CHECK(filters[0] == wire::encode(wire::NodeFilter{{"a"}}));
  CHECK(filters[1] == pattern("dc", "east"));
  const QueryFilter back = read(filters).value();
  CHECK(back.matches("a", {{"dc", "east"}, {"role", "web"}}));
  CHECK_FALSE(back.matches("a", {{"dc", "east"}}));
  CHECK_FALSE(back.matches("b", {{"dc", "east"}, {"role", "web"}}));
}

TEST_CASE("a name must be in every list of names") {
  const Bytes first = wire::encode(wire::NodeFilter{{"a", "b"}});
  const Bytes second = wire::encode(wire::NodeFilter{{"b", "c"}});
  const QueryFilter both = read({first, second}).value();
  CHECK(both.matches_name("b"));
  CHECK_FALSE(both.matches_name("a"));
  CHECK_FALSE(both.matches_name("c"));
}

TEST_CASE("patterns are RE2's, bounded in number, length and program") {
  CHECK(read({pattern("t", "(?i)web|db")}));
  for (const char* refused : {"(", "(?=a)", "(a)\\1", "[z-a]", "*"})
    CHECK_FALSE(read({pattern("t", refused)}));
  // A few bytes that would be a program of a million states.
  CHECK_FALSE(read({pattern("t", "((a{100}){100}){100}")}));
  CHECK_FALSE(read({pattern("t", "(\\pL{100}){10}")}));
  const std::vector<Bytes> many(QueryFilter::kMaxPatterns, pattern("t", "a"));
  CHECK(read(many));
  std::vector<Bytes> too_many = many;
  too_many.push_back(pattern("t", "a"));
  CHECK_FALSE(read(too_many));
  CHECK(read({pattern("t", std::string(QueryFilter::kMaxPatternBytes, 'a'))}));
  CHECK_FALSE(
      read({pattern("t", std::string(QueryFilter::kMaxPatternBytes, 'a')), pattern("t", "a")}));
}

TEST_CASE("a pattern that is refused here says whose it is, and why") {
  const Error error = make({}, {{"role", "("}}).error();
  CHECK(error.code == ErrorCode::InvalidArgument);
  CHECK(error.message == "bad pattern for tag 'role': missing ): (");
}

}  // namespace
}  // namespace gossip::cluster
