#include "agent/handlers/script_input.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "unit/test_data.h"

namespace gossip::agent {
namespace {

using nlohmann::json;

// The agents that the real Serf's handlers were recorded with (tests/data/golden/agent/event-handlers.json).
const std::string kName = "han\tdler";
const Tags kTags{{"9nine", "3"}, {"Lower", "2"}, {"my-tag.x", "1"}, {"role", "we\tb"}};
const Tags kPeerTags{{"a", "x,y=z"}, {"role", "db"}, {"t", "a\tb\nc"}, {"uni", "hé"}};
const Tags kChangedTags{{"role", "db2"}, {"t", "a\tb\nc"}, {"uni", "hé"}};

Member member(std::string name, const char* ip, Tags tags) {
  return {std::move(name), {*IpAddress::parse(ip), 7946}, std::move(tags), MemberStatus::Alive, {}};
}

UserEvent user_event(LamportTime time, std::string name, std::string_view payload) {
  const ByteView bytes = as_bytes(payload);
  return {time, std::move(name), Bytes(bytes.begin(), bytes.end()), Coalesce::No};
}

std::vector<Event> recorded_events() {
  using enum MemberEventKind;
  const Member self = member(kName, "127.0.75.6", kTags);
  const Member peer = member("peer", "127.0.75.7", kPeerTags);
  const Member changed = member("peer", "127.0.75.7", kChangedTags);
  Query load;
  load.time = 1;
  load.name = "load";
  load.payload = {'5', 'm'};
  return {MemberEvent{Join, {self}},
          MemberEvent{Join, {peer}},
          MemberEvent{Update, {changed}},
          user_event(1, "deploy", "v1.2.3"),
          user_event(2, "with newline", "line1\nline2\n"),
          user_event(3, "empty", ""),
          user_event(4, "coalesced", "c"),
          load,
          MemberEvent{Failed, {changed}},
          MemberEvent{Leave, {changed}},
          MemberEvent{Reap, {changed}},
          MemberEvent{Join, {member("peer2", "127.0.75.8", {})}},
          MemberEvent{Leave, {self}}};
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);)
    parts.push_back(part);
  return parts;
}

// Serf writes a member's tags in random order.
std::string with_sorted_tags(std::string input) {
  const std::size_t tab = input.rfind('\t');
  if (tab == std::string::npos) return input;
  std::vector<std::string> tags = split(input.substr(tab + 1, input.size() - tab - 2), ',');
  std::sort(tags.begin(), tags.end());
  std::string sorted = input.substr(0, tab + 1);
  for (const std::string& tag : tags)
    sorted += tag + ",";
  return sorted;
}

std::vector<std::string> serf_variables(const json& recorded) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : recorded.items())
    variables.push_back(name + "=" + value.get<std::string>());
  return variables;
}

TEST_CASE("handlers get what the real Serf gives them, and the same under our name") {
  const json recorded = json::parse(std::ifstream(test_data("golden/agent/event-handlers.json")));
  const std::vector<Event> events = recorded_events();
  REQUIRE(recorded["invocations"].size() == events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const json& serf = recorded["invocations"][i];
    CAPTURE(serf["event"]);
    const Bytes input = script_input(events[i]);
    CHECK(with_sorted_tags(std::string(as_text(input))) ==
          with_sorted_tags(serf["stdin"].get<std::string>()));

    std::vector<std::string> ours;
    std::vector<std::string> renamed;
    for (const std::string& variable : script_variables({kName, kTags}, events[i])) {
      if (variable.starts_with("SERF_")) ours.push_back(variable);
      if (variable.starts_with("GOSSIP_")) renamed.push_back("SERF_" + variable.substr(7));
    }
    CHECK(renamed == ours);
    std::sort(ours.begin(), ours.end());
    CHECK(ours == serf_variables(serf["env"]));
  }
}

TEST_CASE("each member of an event has a line") {
  const MemberEvent event{
      MemberEventKind::Join,
      {member("a", "192.0.2.1", {{"role", "x"}, {"b", ""}}), member("b", "2001:db8::1", {})}};
  const Bytes input = script_input(event);
  CHECK(as_text(input) == "a\t192.0.2.1\tx\tb=,role=x\nb\t2001:db8::1\t\t\n");
}

TEST_CASE("an address is written as IPv4 in whatever form it came") {
  Member mapped = member("a", "192.0.2.1", {});
  mapped.address.ip = mapped.address.ip.longest();
  const Bytes input = script_input(MemberEvent{MemberEventKind::Join, {mapped}});
  CHECK(as_text(input) == "a\t192.0.2.1\t\t\n");
}

TEST_CASE("the name of a tag becomes the name of a variable, one sign for each character") {
  const Tags tags{{"é", "1"}, {"a b", "2"}, {"日本", "3"}};
  const std::vector<std::string> variables = script_variables({kName, tags}, MemberEvent{});
  const auto has = [&](const char* wanted) {
    return std::find(variables.begin(), variables.end(), wanted) != variables.end();
  };
  CHECK(has("SERF_TAG__=1"));
  CHECK(has("SERF_TAG_A_B=2"));
  CHECK(has("GOSSIP_TAG___=3"));
}

TEST_CASE("a name with a NUL byte is not taken for a shorter one") {
  const std::vector<std::string> variables =
      script_variables({kName, {}}, user_event(1, std::string("deploy\0x", 8), ""));
  CHECK(std::find(variables.begin(), variables.end(), "SERF_USER_EVENT=deploy\\0x") !=
        variables.end());
}

TEST_CASE("the event's variables stand over inherited ones, each name once") {
  const std::vector<const char*> inherited{"PATH=/bin", "SERF_EVENT=old", "odd", nullptr};
  CHECK(script_environment(inherited.data(), {"SERF_EVENT=user", "SERF_TAG_A=1", "SERF_TAG_A=2"}) ==
        std::vector<std::string>{"PATH=/bin", "SERF_EVENT=user", "SERF_TAG_A=2", "odd"});
}

}  // namespace
}  // namespace gossip::agent
