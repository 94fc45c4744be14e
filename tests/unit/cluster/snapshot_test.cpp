#include "cluster/snapshot.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "unit/test_data.h"

using namespace gossip;           // NOLINT(google-build-using-namespace)
using namespace gossip::cluster;  // NOLINT(google-build-using-namespace)

namespace {

constexpr std::size_t kPlenty = 65536;
constexpr auto kForget = RejoinAfterLeave::No;

std::string read_data(const std::string& name) {
  std::ifstream file(test_data(name), std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Read {
  explicit Read(std::string_view text, RejoinAfterLeave rejoin = kForget,
                std::size_t max_peers = kPlenty)
      : snapshot(max_peers), reading(snapshot.read(text, rejoin)) {}

  Snapshot snapshot;
  Snapshot::Reading reading;
};

std::vector<std::string> names(const Snapshot& snapshot, Remembered as) {
  std::vector<std::string> found;
  for (const auto& [name, peer] : snapshot.peers()) {
    if (peer.as == as) found.push_back(name + " " + peer.address.to_string());
  }
  return found;
}

std::vector<std::string> alive(const Snapshot& snapshot) {
  return names(snapshot, Remembered::Alive);
}

MemberEvent event(MemberEventKind kind, const std::string& name, const std::string& address) {
  Member member;
  member.name = name;
  member.address = *Address::parse(address, kDefaultPort);
  return {kind, {member}};
}

using Lines = std::vector<std::string>;

TEST_CASE("a snapshot is recovered as the real Serf recovers it") {
  for (const nlohmann::json& row :
       nlohmann::json::parse(read_data("vectors/snapshot-recovery.json"))) {
    const auto name = row.at("name").get<std::string>();
    CAPTURE(name);
    const bool rejoin = row.at("rejoin_after_leave").get<bool>();
    const Read got(row.at("file").get<std::string>(), rejoin ? RejoinAfterLeave::Yes : kForget);
    // Serf takes the carriage return into the address, which then reaches nobody; here the line is a bad one.
    const auto expected =
        name == "carriage-return" ? Lines{} : row.at("alive").get<std::vector<std::string>>();
    CHECK(alive(got.snapshot) == expected);
    CHECK(std::to_string(got.snapshot.clocks().member) == row.at("clock").get<std::string>());
    CHECK(std::to_string(got.snapshot.clocks().event) == row.at("event_clock").get<std::string>());
    CHECK(std::to_string(got.snapshot.clocks().query) == row.at("query_clock").get<std::string>());
    CHECK(got.reading.leave_ignored == (rejoin && name.starts_with("leave")));
  }
}

TEST_CASE("what real agents have written is read without a flaw") {
  std::size_t count = 0;
  for (const char* folder : {"vectors/snapshots", "golden/files"}) {
    for (const auto& file : std::filesystem::directory_iterator(test_data(folder))) {
      const std::string name = file.path().filename();
      if (name.find("snapshot") == std::string::npos || name == "snapshot-odd-lines") continue;
      CAPTURE(name);
      const Read got(read_data(std::string(folder) + "/" + name));
      CHECK_FALSE(got.reading.flaws.any());
      ++count;
    }
  }
  CHECK(count >= 12);

  const Read killed(read_data("golden/files/snapshot-after-kill"));
  CHECK(alive(killed.snapshot) == Lines{"other node 127.0.75.11:7946", "snap 127.0.75.10:7946"});
  CHECK(killed.snapshot.clocks().event == 1);
  const Read left(read_data("golden/files/snapshot-after-leave"));
  CHECK(left.snapshot.peers().empty());
  CHECK(left.snapshot.clocks().member == 3);
  CHECK(left.snapshot.clocks().event == 0);
}

TEST_CASE("a file that a crash has cut anywhere is the file before the line that was cut") {
  const std::string text = read_data("golden/files/snapshot-after-leave-with-rejoin");
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::string cut = text.substr(0, size);
    const Read torn(cut, RejoinAfterLeave::Yes);
    const Read whole(cut.substr(0, cut.rfind('\n') + 1), RejoinAfterLeave::Yes);
    CHECK(torn.reading.flaws.is_torn == (!cut.empty() && cut.back() != '\n'));
    CHECK_FALSE(whole.reading.flaws.any());
    CHECK(alive(torn.snapshot) == alive(whole.snapshot));
    CHECK(torn.snapshot.clocks().member == whole.snapshot.clocks().member);
    CHECK(torn.snapshot.clocks().event == whole.snapshot.clocks().event);
    CHECK(torn.snapshot.clocks().query == whole.snapshot.clocks().query);
  }
}

TEST_CASE("flawed lines are counted, and the rest counts") {
  const Read odd(read_data("golden/files/snapshot-odd-lines"));
  CHECK(alive(odd.snapshot) == Lines{"good 127.0.75.11:7946", "name with spaces 127.0.75.12:7946"});
  CHECK(odd.snapshot.clocks().member == 7);
  CHECK(odd.reading.flaws.bad_lines == 2);      // alive: noaddr, clock: x
  CHECK(odd.reading.flaws.unknown_lines == 2);  // whatever, and an empty line
  CHECK(odd.reading.flaws.is_torn);
  CHECK(odd.reading.flaws.example == "alive: noaddr");

  const std::string zeros = std::string(4096, '\0') + "\nalive: b 192.0.2.2:7946\n" + '\0';
  const Read holes(zeros);
  CHECK(alive(holes.snapshot) == Lines{"b 192.0.2.2:7946"});
  CHECK(holes.reading.flaws.unknown_lines == 1);
  CHECK(holes.reading.flaws.is_torn);
  CHECK(holes.reading.flaws.example == std::string(60, '?') + "...");
}

TEST_CASE("addresses and clocks that cannot be are flaws") {
  const Read got(
      "alive: a 192.0.2.1\n"      // no port
      "alive: b 192.0.2.1:0\n"    // nobody listens there
      "alive: c host:7946\n"      // no address
      "alive:  192.0.2.1:7946\n"  // no name
      "clock: 9223372036854775808\n"
      "event-clock: 9223372036854775807\n");
  CHECK(got.snapshot.peers().empty());
  CHECK(got.reading.flaws.bad_lines == 5);
  CHECK(got.snapshot.clocks().member == 0);
  CHECK(got.snapshot.clocks().event == 9223372036854775807U);
}

TEST_CASE("names beyond the limit are counted and left out") {
  const Read got("alive: a 192.0.2.1:1\nalive: b 192.0.2.2:1\nalive: a 192.0.2.3:1\n", kForget, 1);
  CHECK(alive(got.snapshot) == Lines{"a 192.0.2.3:1"});
  CHECK(got.reading.flaws.over_limit == 1);
}

TEST_CASE("failed members are kept in a comment that Serf skips") {
  Snapshot snapshot(kPlenty);
  snapshot.note(event(MemberEventKind::Join, "b c", "192.0.2.2"));
  snapshot.note(event(MemberEventKind::Failed, "b c", "192.0.2.2"));
  const std::string lines = snapshot.take_lines();
  CHECK(lines == "alive: b c 192.0.2.2:7946\nnot-alive: b c\n# failed: b c 192.0.2.2:7946\n");
  const Read again(lines);
  CHECK(alive(again.snapshot).empty());
  CHECK(names(again.snapshot, Remembered::Failed) == Lines{"b c 192.0.2.2:7946"});
  CHECK_FALSE(again.reading.flaws.any());

  // It is back, or gone for good.
  CHECK(names(Read(lines + "alive: b c 192.0.2.2:7946\n").snapshot, Remembered::Failed).empty());
  CHECK(Read(lines + "not-alive: b c\n").snapshot.peers().empty());
  CHECK_FALSE(Read("# failed: by a person\n# failed:\n").reading.flaws.any());
}

TEST_CASE("each event writes the lines that Serf writes, and no line twice") {
  Snapshot snapshot(kPlenty);
  snapshot.note(event(MemberEventKind::Join, "a", "192.0.2.1"));
  snapshot.note(event(MemberEventKind::Join, "a", "192.0.2.1"));
  CHECK(snapshot.take_lines() == "alive: a 192.0.2.1:7946\n");
  snapshot.note(event(MemberEventKind::Join, "a", "[2001:db8::1]:7947"));
  CHECK(snapshot.take_lines() == "alive: a [2001:db8::1]:7947\n");
  snapshot.note(event(MemberEventKind::Leave, "a", "192.0.2.1"));
  snapshot.note(event(MemberEventKind::Reap, "a", "192.0.2.1"));
  CHECK(snapshot.take_lines() == "not-alive: a\n");
  snapshot.note(UserEvent{.time = 4, .name = "deploy", .payload = {}, .coalesce = Coalesce::No});
  snapshot.note(UserEvent{.time = 3, .name = "late", .payload = {}, .coalesce = Coalesce::No});
  snapshot.note_query_time(5);
  snapshot.note_member_time(0);
  snapshot.note_member_time(6);
  CHECK(snapshot.take_lines() == "event-clock: 4\nquery-clock: 5\nclock: 6\n");
  CHECK(snapshot.take_lines().empty());
}

TEST_CASE("after a leave only clocks are noted") {
  Snapshot snapshot(kPlenty);
  snapshot.note(event(MemberEventKind::Join, "b", "192.0.2.2"));
  (void)snapshot.take_lines();
  snapshot.note_leave();
  snapshot.note_leave();
  snapshot.note(event(MemberEventKind::Failed, "b", "192.0.2.2"));
  snapshot.note(event(MemberEventKind::Join, "c", "192.0.2.3"));
  snapshot.note_member_time(3);
  CHECK(snapshot.take_lines() == "leave\nclock: 3\n");

  const std::string whole = snapshot.rewrite();
  CHECK(Read(whole).snapshot.peers().empty());
  CHECK(Read(whole).snapshot.clocks().member == 3);
  CHECK(alive(Read(whole, RejoinAfterLeave::Yes).snapshot) == Lines{"b 192.0.2.2:7946"});
}

TEST_CASE("a name that a line cannot hold is left out") {
  Snapshot snapshot(kPlenty);
  for (const char* name : {"a\nalive: evil 192.0.2.66:7946", "tab\tbed", "\x7f", ""}) {
    snapshot.note(event(MemberEventKind::Join, name, "192.0.2.1"));
    snapshot.note(event(MemberEventKind::Failed, name, "192.0.2.1"));
    snapshot.note(event(MemberEventKind::Leave, name, "192.0.2.1"));
  }
  snapshot.note(event(MemberEventKind::Join, " spaces  inside ", "192.0.2.1"));
  const std::string lines = snapshot.take_lines();
  CHECK(lines == "alive:  spaces  inside  192.0.2.1:7946\n");
  CHECK(alive(Read(lines).snapshot) == Lines{" spaces  inside  192.0.2.1:7946"});
}

TEST_CASE("a file that has grown is written anew, as short as it can be") {
  Snapshot snapshot(kPlenty);
  (void)snapshot.read("clock: 1\n", kForget);
  std::size_t bytes = 9;
  while (!snapshot.wants_rewrite()) {
    snapshot.note(event(MemberEventKind::Join, "a", "192.0.2.1"));
    snapshot.note(event(MemberEventKind::Failed, "a", "192.0.2.1"));
    bytes += snapshot.take_lines().size();
    REQUIRE(bytes < 200000);
  }
  CHECK(bytes > std::size_t{128} * 1024);
  snapshot.note(event(MemberEventKind::Join, "b", "192.0.2.2"));
  CHECK(snapshot.rewrite() ==
        "# failed: a 192.0.2.1:7946\nalive: b 192.0.2.2:7946\n"
        "clock: 1\nevent-clock: 0\nquery-clock: 0\n");
  CHECK(snapshot.take_lines().empty());
  CHECK_FALSE(snapshot.wants_rewrite());
}

TEST_CASE("long names do not ask for a rewrite after each line") {
  Snapshot snapshot(kPlenty);
  for (int i = 0; i < 1000; ++i) {
    snapshot.note(
        event(MemberEventKind::Join, std::to_string(i) + std::string(400, 'n'), "192.0.2.1"));
  }
  CHECK(snapshot.wants_rewrite());
  (void)snapshot.rewrite();
  snapshot.note(event(MemberEventKind::Join, "b", "192.0.2.2"));
  CHECK_FALSE(snapshot.wants_rewrite());
}

}  // namespace
