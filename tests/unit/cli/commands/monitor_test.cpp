#include "cli/commands/monitor.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

using std::chrono::system_clock;

// 2026-11-23T20:17:06.042Z
constexpr system_clock::time_point kNow{std::chrono::milliseconds(1795465026042)};

std::string json(const rpc::Record& record) {
  return format_record(record, Format::Json, kNow);
}

// Without the date, which is in local time.
std::string text(const rpc::Record& record) {
  const std::string line = format_record(record, Format::Text, kNow);
  constexpr std::size_t kDateBytes = 20;
  return line.size() > kDateBytes ? line.substr(kDateBytes) : line;
}

MemberEvent joined() {
  return {.kind = MemberEventKind::Join,
          .members = {{.name = "a",
                       .address = Address::parse("127.0.0.1:7946", 0).value(),
                       .tags = {{"role", "web"}},
                       .status = MemberStatus::Alive,
                       .versions = {}},
                      {.name = "b",
                       .address = Address::parse("127.0.0.2:7946", 0).value(),
                       .tags = {},
                       .status = MemberStatus::Alive,
                       .versions = {}}}};
}

TEST_CASE("a log line is printed as it is, but for control characters") {
  const rpc::LogLine line{"2026/11/23 20:17:06 [INFO] agent: x\ty \x1b[0m\n"};
  CHECK(format_record(line, Format::Text, kNow) ==
        "2026/11/23 20:17:06 [INFO] agent: x\ty \\x1b[0m\\n\n");
  CHECK(json(rpc::LogLine{"a<b"}) ==
        "{\"time\":\"2026-11-23T20:17:06.042Z\",\"type\":\"log\",\"line\":\"a\\u003cb\"}\n");
}

TEST_CASE("a member event gives a line for each member") {
  const std::string lines = format_record(joined(), Format::Text, kNow);
  CHECK(lines.find("[EVENT] member-join: a 127.0.0.1:7946 role=web\n") != std::string::npos);
  CHECK(lines.find("[EVENT] member-join: b 127.0.0.2:7946\n") != std::string::npos);
}

TEST_CASE("a member event is one object with Serf's member objects") {
  const std::string line = json(joined());
  CHECK(line.find(
            "\"type\":\"event\",\"event\":\"member-join\",\"members\":[{\"name\":\"a\",\"addr\":"
            "\"127.0.0.1:7946\",\"port\":7946,\"tags\":{\"role\":\"web\"},\"status\":\"alive\",") !=
        std::string::npos);
  CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("a user event and a query show their payload as text") {
  UserEvent event{.time = 7, .name = "deploy", .payload = {'v', '1'}, .coalesce = Coalesce::Yes};
  CHECK(text(event) == "[EVENT] user: deploy ltime=7 coalesce=true payload=v1\n");
  event.payload.clear();
  CHECK(text(event) == "[EVENT] user: deploy ltime=7 coalesce=true\n");
  const rpc::QueryEvent query{.id = 3, .time = 9, .name = "load", .payload = {'5', ' ', '\n'}};
  CHECK(text(query) == "[EVENT] query: load id=3 ltime=9 payload=\"5 \\n\"\n");
}

TEST_CASE("JSON has a payload's bytes in base64 when text cannot hold them") {
  const UserEvent plain{.time = 1, .name = "x", .payload = {'v'}, .coalesce = Coalesce::No};
  CHECK(
      json(plain) ==
      "{\"time\":\"2026-11-23T20:17:06.042Z\",\"type\":\"event\",\"event\":\"user\",\"name\":\"x\","
      "\"ltime\":1,\"coalesce\":false,\"payload\":\"v\"}\n");
  const rpc::QueryEvent bytes{.id = 2, .time = 1, .name = "x", .payload = {0xff, 0x00}};
  CHECK(
      json(bytes).find("\"id\":2,\"payload\":\"\\ufffd\\u0000\",\"payload_base64\":\"/wA=\"}\n") !=
      std::string::npos);
}

}  // namespace
}  // namespace gossip::cli
