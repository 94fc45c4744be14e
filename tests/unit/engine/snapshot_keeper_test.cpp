#include "engine/snapshot_keeper.h"

#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

namespace gossip::engine {
namespace {

Config config_with(const char* path) {
  Config config;
  config.snapshot_path = path;
  return config;
}

TimePoint at(int ms) {
  return TimePoint{} + std::chrono::milliseconds(ms);
}

MemberEvent event(MemberEventKind kind, const std::string& name) {
  Member member;
  member.name = name;
  member.address = *Address::parse("192.0.2.1", kDefaultPort);
  return {kind, {member}};
}

// "append …", "replace …" and log lines, in order.
std::vector<std::string> describe(const Effects& effects) {
  std::vector<std::string> lines;
  for (const Effect& effect : effects) {
    if (const auto* save = std::get_if<Save>(&effect)) {
      lines.push_back((save->mode == SaveMode::Append ? "append " : "replace ") + save->text);
    } else if (const auto* log = std::get_if<Log>(&effect)) {
      lines.push_back(log->text);
    }
  }
  return lines;
}

using Lines = std::vector<std::string>;

struct Scene {
  explicit Scene(const char* path = "file") : config(config_with(path)), keeper(config) {}

  Lines settle(int ms, cluster::Clocks clocks = {}) {
    Effects out;
    keeper.settle(at(ms), clocks, out);
    return describe(out);
  }
  Lines saved(int ms, const Expected<void>& result) {
    Effects out;
    keeper.saved(at(ms), result, out);
    return describe(out);
  }

  Config config;
  SnapshotKeeper keeper;
};

const Expected<void> kFull = fail(ErrorCode::System, "f: No space left on device");

TEST_CASE("a turn makes one Save, and none if nothing has changed") {
  Scene scene;
  CHECK(scene.settle(0).empty());
  scene.keeper.note(event(MemberEventKind::Join, "a"));
  scene.keeper.note(event(MemberEventKind::Join, "b"));
  CHECK(
      scene.settle(0, {.member = 1, .event = 0, .query = 2}) ==
      Lines{"append alive: a 192.0.2.1:7946\nalive: b 192.0.2.1:7946\nquery-clock: 2\nclock: 1\n"});
  CHECK(scene.settle(0, {.member = 1, .event = 0, .query = 2}).empty());
  CHECK_FALSE(scene.keeper.next_deadline().has_value());
}

TEST_CASE("a member clock that only ticks waits for half a second") {
  Scene scene;
  CHECK(scene.settle(100, {.member = 1}).empty());
  CHECK(scene.settle(300, {.member = 2}).empty());
  CHECK(scene.keeper.next_deadline() == at(600));
  scene.keeper.advance(at(600));
  CHECK(scene.settle(600, {.member = 2}) == Lines{"append clock: 2\n"});
  CHECK_FALSE(scene.keeper.next_deadline().has_value());
}

TEST_CASE("without a path nothing is noted") {
  Scene scene("");
  Effects out;
  CHECK_FALSE(scene.keeper.read("", out));
  scene.keeper.note(event(MemberEventKind::Join, "a"));
  CHECK(scene.settle(0, {.member = 5}).empty());
  CHECK_FALSE(scene.keeper.next_deadline().has_value());
  CHECK(scene.keeper.contacts().empty());
}

TEST_CASE("a file that has grown too long is written anew at the start") {
  Scene scene;
  std::string text = "alive: a 192.0.2.1:7946\n";
  while (text.size() <= std::size_t{128} * 1024)
    text += "clock: 3\n";
  Effects out;
  CHECK(scene.keeper.read(text, out));
  CHECK(out.empty());
  CHECK(scene.settle(0) ==
        Lines{"replace alive: a 192.0.2.1:7946\nclock: 3\nevent-clock: 0\nquery-clock: 0\n"});
  CHECK(scene.settle(0).empty());
}

TEST_CASE("after a failure nothing is appended until the whole file is tried again") {
  Scene scene;
  scene.keeper.note(event(MemberEventKind::Join, "a"));
  CHECK(scene.settle(0).size() == 1);
  CHECK(scene.saved(0, kFull) ==
        Lines{"serf: cannot write the snapshot: f: No space left on device; trying again every 30 "
              "seconds"});
  CHECK(scene.keeper.is_failing());
  scene.keeper.note(event(MemberEventKind::Join, "b"));
  CHECK(scene.settle(1000).empty());
  CHECK(scene.saved(1000, {}).empty());  // of a rewrite that began before
  CHECK(scene.keeper.next_deadline() == at(30000));

  const Lines whole{
      "replace alive: a 192.0.2.1:7946\nalive: b 192.0.2.1:7946\nclock: 0\nevent-clock: 0\n"
      "query-clock: 0\n"};
  scene.keeper.advance(at(30000));
  CHECK(scene.settle(30000) == whole);
  CHECK(scene.saved(30001, kFull).empty());  // told once
  CHECK(scene.keeper.next_deadline() == at(60001));
  scene.keeper.advance(at(60001));
  CHECK(scene.settle(60001) == whole);
  CHECK(scene.keeper.is_failing());
  CHECK(scene.saved(60002, {}) == Lines{"serf: the snapshot is complete again"});
  CHECK_FALSE(scene.keeper.is_failing());
  CHECK(scene.saved(60003, {}).empty());
  CHECK_FALSE(scene.keeper.next_deadline().has_value());
  scene.keeper.note(event(MemberEventKind::Leave, "b"));
  CHECK(scene.settle(60004) == Lines{"append not-alive: b\n"});
}

}  // namespace
}  // namespace gossip::engine
