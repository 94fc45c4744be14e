#include "cli/commands/members.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

Member member(std::string name, Tags tags, MemberStatus status) {
  return {.name = std::move(name),
          .address = Address::parse("127.0.0.1:7946", 0).value(),
          .tags = std::move(tags),
          .status = status,
          .versions = {}};
}

constexpr Page kProgram{};
constexpr Page kPerson{.header = Page::Header::Shown, .width = std::nullopt};

TEST_CASE("a list that is wider than the screen loses the ends of the tags, not those of names") {
  const std::vector<Member> members{
      member("web-1.example.org", {{"role", "web"}, {"note", "a long one"}}, MemberStatus::Alive)};
  const Page narrow{.header = Page::Header::Shown, .width = 54};
  CHECK(format_members(members, {}, narrow) ==
        "NAME               ADDRESS         STATUS  TAGS\n"
        "web-1.example.org  127.0.0.1:7946  alive   note=\"a lo…\n");
  CHECK(format_members(members, {}, kProgram).find("note=\"a long one\",role=web\n") !=
        std::string::npos);
}

TEST_CASE("members are sorted by name, and a header stands above them where a person reads") {
  const std::vector<Member> members{
      member("b", {}, MemberStatus::Left),
      member("a", {{"role", "web"}, {"dc", "east"}}, MemberStatus::Alive)};
  const std::string rows =
      "a     127.0.0.1:7946  alive   dc=east,role=web\nb     127.0.0.1:7946  left\n";
  CHECK(format_members(members, {}, kPerson) == "NAME  ADDRESS         STATUS  TAGS\n" + rows);
  CHECK(format_members({members[1]}, {}, kProgram) ==
        "a  127.0.0.1:7946  alive  dc=east,role=web\n");
}

TEST_CASE("no member is no output in text and an empty list in JSON") {
  CHECK(format_members({}, {}, kPerson).empty());
  MembersOptions json;
  json.format = Format::Json;
  CHECK(format_members({}, json, kPerson) == "{\n  \"members\": []\n}\n");
}

TEST_CASE("names and tags of evil members cannot forge rows") {
  const Member evil = member("x\nroot  10.0.0.1:7946  alive",
                             {{"a,b", "1"}, {"c", "2,d=3"}, {"e", ""}}, MemberStatus::Alive);
  CHECK(format_members({evil}, {}, kProgram) ==
        "\"x\\nroot  10.0.0.1:7946  alive\"  127.0.0.1:7946  alive  \"a,b\"=1,c=\"2,d=3\",e=\n");
}

TEST_CASE("an IPv4 address in 16 bytes is shown as IPv4, IPv6 in brackets") {
  Member v4 = member("a", {}, MemberStatus::Alive);
  v4.address.ip = v4.address.ip.longest();
  CHECK(format_members({v4}, {}, kProgram) == "a  127.0.0.1:7946  alive\n");
  Member v6 = member("a", {}, MemberStatus::Alive);
  v6.address = Address::parse("[::1]:7946", 0).value();
  CHECK(format_members({v6}, {}, kProgram) == "a  [::1]:7946  alive\n");
}

TEST_CASE("a complaint about a pattern quotes what the user gave") {
  CHECK(unwrap_complaint("Failed to compile regex: missing ]: [)$") ==
        "Failed to compile regex: missing ]: [");
  CHECK(unwrap_complaint("Failed to compile regex: missing ): ^(?:()$") ==
        "Failed to compile regex: missing ): (");
  CHECK(unwrap_complaint("no argument for repetition operator: *") ==
        "no argument for repetition operator: *");
}

TEST_CASE("members near one: by round trip, which is shown; the unknown come last") {
  using std::chrono::microseconds;
  const std::vector<Member> members{
      member("a", {{"k", "v"}}, MemberStatus::Alive), member("b", {}, MemberStatus::Alive),
      member("c", {}, MemberStatus::Left), member("d", {}, MemberStatus::Failed)};
  const RoundTrips near{
      {"a", microseconds(12345)}, {"b", Duration::zero()}, {"d", microseconds(500)}};
  CHECK(format_members(members, {}, kPerson, near) ==
        "NAME  ADDRESS         STATUS  RTT        TAGS\n"
        "b     127.0.0.1:7946  alive   0.000 ms\n"
        "d     127.0.0.1:7946  failed  0.500 ms\n"
        "a     127.0.0.1:7946  alive   12.345 ms  k=v\n"
        "c     127.0.0.1:7946  left    -\n");
  MembersOptions options;
  options.names_only = true;
  CHECK(format_members(members, options, kProgram, near) == "b\nd\na\nc\n");
  options = {};
  options.format = Format::Json;
  const std::string json = format_members(members, options, kProgram, near);
  CHECK(json.find("\"rtt_ms\": 12.345\n") != std::string::npos);
  CHECK(json.find("\"rtt_ms\": null\n") != std::string::npos);
  CHECK(format_members(members, options, kProgram).find("rtt_ms") == std::string::npos);
}

TEST_CASE("protocol versions stand under their headings, and in Serf's words where scripts read") {
  Member one = member("a", {}, MemberStatus::Alive);
  one.versions.delegate_current = 5;
  one.versions.delegate_min = 2;
  one.versions.delegate_max = 5;
  MembersOptions options;
  options.detailed = true;
  CHECK(format_members({one}, options, kPerson) ==
        "NAME  ADDRESS         STATUS  TAGS  PROTOCOL  RANGE\n"
        "a     127.0.0.1:7946  alive         5         [2, 5]\n");
  CHECK(format_members({one}, options, kProgram) ==
        "a  127.0.0.1:7946  alive    Protocol Version: 5  Available Protocol Range: [2, 5]\n");
}

TEST_CASE("only the names, for scripts") {
  MembersOptions names;
  names.names_only = true;
  CHECK(
      format_members({member("b c", {}, MemberStatus::Left), member("a", {}, MemberStatus::Alive)},
                     names, kPerson) == "a\n\"b c\"\n");
}

TEST_CASE("a pattern is one unit for the agent, which adds its anchors to the text") {
  CHECK(wrap_pattern("left|failed") == "(?:left|failed)");
  CHECK(wrap_pattern("").empty());
}

TEST_CASE("a status that nobody can have is told with those that there are") {
  CHECK(complaint_about_status("dead") ==
        "warning: no member ever has the status 'dead': there are alive, leaving, left and failed");
  CHECK_FALSE(complaint_about_status("Alive").empty());
  CHECK_FALSE(complaint_about_status("dead|gone").empty());
  for (const char* const fine : {"", "alive", "none", "left|failed", "dead|left", "(?i)DEAD", "l.*",
                                 "dea[d]", "(alive)", "dead?"}) {
    CAPTURE(std::string(fine));
    CHECK(complaint_about_status(fine).empty());
  }
}

}  // namespace
}  // namespace gossip::cli
