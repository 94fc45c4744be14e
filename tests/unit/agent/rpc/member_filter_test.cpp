#include "agent/rpc/member_filter.h"

#include <doctest/doctest.h>

namespace gossip::agent::rpc {
namespace {

using gossip::rpc::MembersFilteredRequest;

Member web(std::string name) {
  Member member;
  member.name = std::move(name);
  member.status = MemberStatus::Alive;
  member.tags = {{"role", "web"}, {"dc", "east"}};
  return member;
}

bool matches(const MembersFilteredRequest& request, const Member& member) {
  const Expected<MemberFilter> filter = MemberFilter::compile(request);
  REQUIRE(filter);
  return filter->matches(member);
}

TEST_CASE("no condition matches every member") {
  CHECK(matches({}, web("alpha")));
}

TEST_CASE("a name's pattern is bound as text, so a bare alternation leaks as it does in Serf") {
  CHECK(matches({{}, "", "al.*"}, web("alpha")));
  CHECK_FALSE(matches({{}, "", "alph"}, web("alpha")));
  CHECK(matches({{}, "", "alph|amma"}, web("alpha")));
  CHECK(matches({{}, "", "alph|amma"}, web("gamma")));
  CHECK_FALSE(matches({{}, "", "(alph|amma)"}, web("gamma")));
  CHECK_FALSE(matches({{}, "", "ALPHA"}, web("alpha")));
  CHECK(matches({{}, "", "(?i)ALPHA"}, web("alpha")));
  CHECK(matches({{}, "", "*"}, web("alpha")));
}

TEST_CASE("all conditions must hold") {
  CHECK(matches({{{"role", "web"}, {"dc", "ea.*"}}, "alive", "alpha"}, web("alpha")));
  CHECK_FALSE(matches({{{"role", "web"}, {"dc", "west"}}, "", ""}, web("alpha")));
  CHECK_FALSE(matches({{{"role", "web"}}, "failed", ""}, web("alpha")));
}

TEST_CASE("an absent tag counts as the empty text") {
  CHECK(matches({{{"nope", ""}}, "", ""}, web("alpha")));
  CHECK(matches({{{"nope", ".*"}}, "", ""}, web("alpha")));
  CHECK_FALSE(matches({{{"nope", ".+"}}, "", ""}, web("alpha")));
  CHECK_FALSE(matches({{{"role", ""}}, "", ""}, web("alpha")));
}

TEST_CASE("patterns that RE2 does not take, too large or too many, are refused") {
  for (const MembersFilteredRequest& request :
       {MembersFilteredRequest{{}, "", "("}, MembersFilteredRequest{{}, "[z-a]", ""},
        MembersFilteredRequest{{}, "", "(?=a)alpha"},
        MembersFilteredRequest{{{"role", "("}}, "", ""},
        MembersFilteredRequest{{}, "", "((((x{100}){100}){100}){100})"},
        MembersFilteredRequest{{}, "", "(\\pL{1000}){1}"}}) {
    const Expected<MemberFilter> filter = MemberFilter::compile(request);
    REQUIRE_FALSE(filter);
    CHECK(filter.error().message.starts_with("Failed to compile regex: "));
  }
  MembersFilteredRequest many;
  for (std::size_t i = 0; i <= kMaxTagPatterns; ++i)
    many.tags[std::to_string(i)] = "";
  const Expected<MemberFilter> filter = MemberFilter::compile(many);
  REQUIRE_FALSE(filter);
  CHECK(filter.error().code == ErrorCode::TooLarge);
}

}  // namespace
}  // namespace gossip::agent::rpc
