#include "cli/commands/top.h"

#include <doctest/doctest.h>

#include "cli/text.h"

namespace gossip::cli {
namespace {

Frame frame() {
  Frame made;
  made.stats["agent"]["name"] = "a";
  made.stats["serf"]["health_score"] = "0";
  for (const char* name : {"a", "b", "c"}) {
    Member member;
    member.name = name;
    member.status = MemberStatus::Alive;
    member.address = Address::parse("10.0.0.1:7946", 7946).value();
    made.members.push_back(member);
  }
  made.members[0].tags = {{"role", "db"}};
  made.members[2].status = MemberStatus::Failed;
  made.rtts["b"] = std::chrono::microseconds(619);
  return made;
}

TEST_CASE("a frame has the cluster in one line and the failed members first") {
  CHECK(format_frame(frame(), std::nullopt) ==
        "a: 3 members, 2 alive, 0 leaving, 0 left, 1 failed; health 0\n"
        "\n"
        "NAME  ADDRESS        STATUS  RTT       TAGS\n"
        "c     10.0.0.1:7946  failed  -\n"
        "a     10.0.0.1:7946  alive   -         role=db\n"
        "b     10.0.0.1:7946  alive   0.619 ms\n");
}

TEST_CASE("rates stand in the first line, events behind the members") {
  Frame busy = frame();
  busy.received_per_second = 1234;
  busy.sent_per_second = 0;
  busy.events = {"x", "y"};
  const std::string text = format_frame(busy, std::nullopt);
  CHECK(text.starts_with(
      "a: 3 members, 2 alive, 0 leaving, 0 left, 1 failed; health 0; gossip 1.2 kB/s "
      "in, 0.0 kB/s out\n"));
  CHECK(text.ends_with("0.619 ms\n\nx\ny\n"));
}

TEST_CASE("on a screen nothing is longer or wider than it, and what is left out is counted") {
  Frame large = frame();
  for (int i = 0; i < 50; ++i) {
    large.members.push_back(large.members[1]);
    large.members.back().name = "m" + std::to_string(i);
    large.events.push_back("event " + std::to_string(i));
  }
  for (const std::size_t rows :
       {std::size_t{1}, std::size_t{4}, std::size_t{12}, std::size_t{40}}) {
    const std::string text = format_frame(large, ScreenSize{20, rows});
    std::size_t lines = 0;
    for (std::size_t begin = 0; begin < text.size(); ++lines) {
      const std::size_t end = text.find('\n', begin);
      CHECK(text_width(std::string_view(text).substr(begin, end - begin)) <= 20);
      begin = end + 1;
    }
    CHECK(lines <= std::max<std::size_t>(rows, 8));
  }
  CHECK(format_frame(large, ScreenSize{20, 20}).starts_with("a: 53 members, 52 a…\n"));
  large.members[0].tags = {{"note", std::string(200, 'x')}};
  CHECK(format_frame(large, ScreenSize{80, 20}).find("xxx…\n") != std::string::npos);
  const std::string text = format_frame(large, ScreenSize{80, 20});
  CHECK(text.find("… and 45 more\n") != std::string::npos);
  CHECK(text.ends_with("event 49\n"));
}

TEST_CASE("a frame as JSON has the same figures and the members in the same order") {
  Frame small = frame();
  small.members.erase(small.members.begin());
  const std::string text = format_frame_json(small);
  CHECK(
      text.starts_with("{\n  \"agent\": \"a\",\n  \"health_score\": 0,\n  \"alive\": 1,\n"
                       "  \"leaving\": 0,\n  \"left\": 0,\n  \"failed\": 1,\n"
                       "  \"members\": [\n    {\n      \"name\": \"c\",\n"));
  CHECK(text.find("\"rtt_ms\": null\n    },\n    {\n      \"name\": \"b\"") != std::string::npos);
  CHECK(text.ends_with("      \"rtt_ms\": 0.619\n    }\n  ]\n}\n"));
  small.stats.clear();
  CHECK(format_frame_json(small).starts_with("{\n  \"agent\": \"\",\n  \"health_score\": null,\n"));
}

TEST_CASE("names are escaped") {
  Frame odd = frame();
  odd.members[1].name = "b\x1b[2J";
  CHECK(format_frame(odd, std::nullopt).find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace gossip::cli
